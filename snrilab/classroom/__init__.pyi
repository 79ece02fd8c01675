from ._commands import add_commands as add_commands
from ._people import Person as Person
from ._people import Roster as Roster
from ._people import RosterError as RosterError
from ._people import read_roster as read_roster
from ._table import Table as Table
from ._table import TableError as TableError
from ._table import read_table as read_table
