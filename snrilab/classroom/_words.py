"""What platforms call the columns of their tables, in the languages that their sites speak."""

from __future__ import annotations

import re
import unicodedata

# Column to its headings. A heading that is not here is no error: Moodle's own tables are also known
# by their shape, whatever their language.
HEADINGS: dict[str, tuple[str, ...]] = {
    "participant": (
        "Identifier", "ID", "Identifiant", "Identificador", "Identificativo", "Identificatie",
    ),
    "first": (
        "First name", "first_name", "FirstName", "Given name", "Forename", "Vorname",
        "Prénom", "Nombre", "Nome", "Voornaam",
    ),
    "last": (
        "Last name", "last_name", "LastName", "Surname", "Family name", "Nachname",
        "Nom de famille", "Nom", "Apellido(s)", "Apellidos", "Cognome", "Apelido",
        "Sobrenome", "Achternaam",
    ),
    "name": (
        "Full name", "Name", "Student", "Vollständiger Name", "Nom complet", "Nombre completo",
        "Nome completo", "Volledige naam", "Student Name",
    ),
    "email": (
        "Email address", "Email", "E-mail", "E-Mail-Adresse", "Adresse de courriel",
        "Dirección de correo", "Dirección Email", "Correo electrónico", "Indirizzo email",
        "Endereço de email", "E-mailadres",
    ),
    "number": (
        "ID number", "SIS User ID", "Matrikelnummer", "ID-Nummer", "Numéro d'identification",
        "Número de ID", "Numero ID", "Codice identificativo", "Número de identificação",
        "ID-nummer", "Student ID", "SID", "user_id", "Student number", "Matriculation number",
        "Matrikelnr.", "Matr.-Nr.", "mtknr", "Numéro d'étudiant",
    ),
    "login": (
        "Username", "SIS Login ID", "Login", "Anmeldename", "Nom d'utilisateur",
        "Nombre de usuario", "Nome utente", "Gebruikersnaam", "User Name", "OrgDefinedId",
        "login_id",
    ),
    "status": ("Status", "Statut", "Estado", "Stato"),
    "grade": (
        "Grade", "Bewertung", "Note", "Calificación", "Valutazione", "Nota", "Cijfer",
        "Beoordeling",
    ),
    "maximum": (
        "Maximum grade", "Bestwertung", "Note maximale", "Calificación máxima",
        "Valutazione massima", "Nota máxima", "Maximumcijfer", "Maximale beoordeling",
    ),
    "scale": ("Scale", "Skala", "Barème", "Escala", "Scala"),
    "open": (
        "Grade can be changed", "Bewertung kann geändert werden", "La note peut être modifiée",
        "La calificación puede ser cambiada", "La valutazione può essere modificata",
        "A nota pode ser alterada", "Cijfer kan worden gewijzigd",
    ),
    "submitted": (
        "Last modified (submission)", "Zuletzt geändert (Abgabe)",
        "Dernière modification (travail remis)", "Última modificación (entrega)",
        "Ultima modifica (consegna)", "Última modificação (trabalho)",
    ),
    "graded": (
        "Last modified (grade)", "Zuletzt geändert (Bewertung)", "Dernière modification (note)",
        "Última modificación (calificación)", "Ultima modifica (valutazione)",
        "Última modificação (nota)",
    ),
    "section": (
        "Section", "Sections", "Group", "Groups", "Gruppe", "Gruppen", "Groupe", "Grupo", "Gruppo",
    ),
    # Who hands in together: Canvas' table of a group set, or a column of your own.
    "group": ("group_name", "Team", "Gruppenname", "Nom du groupe", "Nombre del grupo"),
    "lms": ("canvas_user_id", "lms_user_id"),
    "role": (
        "Roles", "Role", "Role(s)", "Course role", "Rollen", "Rolle", "Rolle(n)", "Rôles", "Rôle",
        "Rol", "Ruoli", "Ruolo", "Papéis", "Papel", "Perfil", "Roller", "Roll", "Role w kursie",
        "Roolit", "Rooli", "Роли", "Роль", "役割", "角色", "역할",
    ),
}  # fmt: skip
# What a student's role begins with, or has in it, in letters alone: "Student/in", "Étudiant".
STUDENTS = (
    "student", "studier", "teilnehm", "etudiant", "apprenant", "participant", "estudiante",
    "estudante", "alumn", "alun", "studente", "learner", "cursist", "leerling", "deelnemer",
    "kursist", "deltag", "opiskelija", "uczestnik", "hallgato", "ogrenci", "студент", "учащ",
    "学生", "學生", "학생",
)  # fmt: skip
NO = frozenset({"no", "nein", "non", "não", "nee", "nej", "нет"})

_MONTHS = (
    "january januar jänner janvier enero gennaio janeiro januari",
    "february februar feber février febrero febbraio fevereiro februari",
    "march märz mars marzo março maart",
    "april avril abril aprile",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august août agosto augustus",
    "september septembre septiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember décembre diciembre dicembre dezembro",
)


def letters(words: str) -> str:
    """Return the letters and digits of a name, without accents, case and what stands between.

    Examples
    --------
    >>> letters("Müller, Hans-Jörg"), letters("O'Brien")
    ('mullerhansjorg', 'obrien')
    """
    plain = unicodedata.normalize("NFKD", words.casefold())
    return "".join(sign for sign in plain if sign.isalnum())


def is_student(role: str) -> bool:
    """Whether a role, or one of several, is a student's.

    Examples
    --------
    >>> is_student("Teilnehmer/in"), is_student("Étudiant, Tuteur"), is_student("Profesor")
    (True, True, False)
    """
    return any(word in letters(role) for word in STUDENTS)


MONTHS = {
    letters(name): number for number, names in enumerate(_MONTHS, 1) for name in names.split()
}
_COLUMN = {letters(word): column for column, words in HEADINGS.items() for word in words}


def columns_of(header: list[str]) -> dict[str, int]:
    """Return where the known columns stand; of two with one meaning the first.

    Examples
    --------
    >>> columns_of(["ID", "Vollständiger Name", "E-Mail-Adresse", "Bewertung"])
    {'participant': 0, 'name': 1, 'email': 2, 'grade': 3}
    """
    found: dict[str, int] = {}
    for place, words in enumerate(header):
        column = _COLUMN.get(letters(words))
        if column is not None:
            found.setdefault(column, place)
    return found


_TIME = re.compile(r"(\d{1,2})[:.h ]?\s?(\d{2})(?:[:.](\d{2}))?\s*([ap])?\.?\s?m?\b", re.IGNORECASE)


def read_moment(words: str) -> tuple[int, int, int, int, int, int] | None:
    """Return year, month, day, hour, minute, second of a date as people read it.

    Examples
    --------
    >>> read_moment("Freitag, 20. November 2026, 10:05")
    (2026, 11, 20, 10, 5, 0)
    >>> read_moment("Friday, 20 November 2026, 1:05 PM")
    (2026, 11, 20, 13, 5, 0)
    >>> read_moment("-") is None
    True
    """
    stamp = re.search(r"(\d{4})-?(\d\d)-?(\d\d)[-T ]?(\d\d)[-:]?(\d\d)[-:]?(\d\d)?", words)
    if stamp:
        year, month, day, hour, minute = (int(part) for part in stamp.groups()[:5])
        return year, month, day, hour, minute, int(stamp[6] or 0)
    year_found = re.search(r"\b(\d{4})\b", words)
    month_found = next((m for m in re.findall(r"[^\W\d_]{3,}", words) if _month(m)), "")
    day_found = re.search(r"\b(\d{1,2})\b", words)
    clock = _TIME.search(words, year_found.end()) if year_found else None
    if not (year_found and month_found and day_found and clock):
        return None
    hour = int(clock[1])
    if clock[4]:
        hour = hour % 12 + (12 if clock[4].lower() == "p" else 0)
    minute, second = int(clock[2]), int(clock[3] or 0)
    return int(year_found[1]), _month(month_found), int(day_found[1]), hour, minute, second


def _month(word: str) -> int:
    plain = letters(word)
    if plain in MONTHS:
        return MONTHS[plain]
    like = {number for name, number in MONTHS.items() if name.startswith(plain)}
    return like.pop() if len(plain) >= 3 and len(like) == 1 else 0
