"""CYP2C19 genotype and escitalopram exposure, as two studies and a label read it."""

from __future__ import annotations

from snrilab import evidence
from snrilab._checks import choice
from snrilab.pk._patients import Patient

__all__ = ["cyp2c19_patient", "cyp2c19_readings"]

_POOR = "Null/Null"
_USUAL = "jukic2018"


def cyp2c19_readings(genotype: str) -> dict[str, float]:
    """Return what each source says of escitalopram exposure over that of ``*1/*1``.

    Sources disagree: Jukic (2,087 patients) and Rudberg (6 poor metabolisers) measured patients in
    routine monitoring, whose doses had been adjusted; a label's ratio (recalled, not read) is about
    2. `snrilab.evidence` says of each how far it can be trusted.

    Parameters
    ----------
    genotype : str
        ``"Null/Null"``, ``"Null/*1"``, ``"Null/*17"``, ``"*1/*1"``, ``"*1/*17"`` or ``"*17/*17"``.

    Returns
    -------
    dict
        Reference key of `snrilab.evidence` to ratio, > 0; the one used by default first.

    Examples
    --------
    Poor metabolisers:

    >>> cyp2c19_readings("Null/Null")
    {'jukic2018': 3.3, 'rudberg2008': 5.7, 'escitalopram_smpc': 2.0}
    """
    ratios = _ratios()
    choice("genotype", genotype, list(ratios))
    readings = {_USUAL: ratios[genotype]}
    rows = evidence.find(
        drug="escitalopram", quantity="exposure_ratio", provenance=["found", "recalled"]
    )
    for row in rows:
        named = row.population.removeprefix("CYP2C19 ").split(" ")[0]
        if row.known and genotype == (_POOR if named == "PM" else named):
            readings.setdefault(row.source, float(row))
    return readings


def cyp2c19_patient(genotype: str, *, source: str = _USUAL) -> Patient:
    """Return a patient with the escitalopram clearance of a genotype.

    Exposure at steady state is dose over clearance, so clearance is divided by the ratio; the
    volume, and the other enzymes, are left alone. At a fixed volume the half-life rises as much:
    99 h by one reading for poor metabolisers, 60 h by another.

    Parameters
    ----------
    genotype : str
        ``"Null/Null"``, ``"Null/*1"``, ``"Null/*17"``, ``"*1/*1"``, ``"*1/*17"`` or ``"*17/*17"``.
    source : str, default "jukic2018"
        Whose reading, a key of `cyp2c19_readings`.

    Returns
    -------
    Patient
        Ratio of clearance, volume unchanged.

    References
    ----------
    Jukic MM et al. Am J Psychiatry 2018;175:463-470. doi:10.1176/appi.ajp.2017.17050550

    Examples
    --------
    >>> from snrilab.pk import drug
    >>> for source in cyp2c19_readings("Null/Null"):
    ...     poor = cyp2c19_patient("Null/Null", source=source)
    ...     print(source, round(drug("escitalopram").in_patient(poor).half_life_h))
    jukic2018 99
    rudberg2008 171
    escitalopram_smpc 60
    """
    readings = cyp2c19_readings(genotype)
    ratio = readings[choice("source", source, list(readings))]
    return Patient(
        cl_ratio=1 / ratio, label=f"CYP2C19 {genotype} ({source})", unaffected_cl_ratio=1.0
    )


def _ratios() -> dict[str, float]:
    return {
        name.split(" ")[0]: float(member)
        for name, member in evidence.parameters("escitalopram_CYP2C19").items()
    }
