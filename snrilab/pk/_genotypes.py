"""CYP2C19 genotype and escitalopram exposure."""

from __future__ import annotations

from snrilab import evidence
from snrilab._checks import choice
from snrilab.pk.drugs import Patient

__all__ = ["cyp2c19_exposure_ratio", "cyp2c19_genotypes", "cyp2c19_patient"]


def cyp2c19_genotypes() -> tuple[str, ...]:
    """Return the genotypes whose escitalopram exposure is known.

    Returns
    -------
    tuple of str
        Genotypes, highest exposure first.

    Examples
    --------
    >>> cyp2c19_genotypes()
    ('Null/Null', 'Null/*1', 'Null/*17', '*1/*1', '*1/*17', '*17/*17')
    """
    return tuple(_ratios())


def cyp2c19_exposure_ratio(genotype: str) -> float:
    """Escitalopram serum concentration over that of ``*1/*1`` at the same dose.

    Parameters
    ----------
    genotype : str
        One of `cyp2c19_genotypes`.

    Returns
    -------
    float
        Ratio, > 0.

    References
    ----------
    Jukic MM et al. Am J Psychiatry 2018;175:463-470. doi:10.1176/appi.ajp.2017.17050550

    Examples
    --------
    >>> cyp2c19_exposure_ratio("Null/Null")
    3.3
    """
    ratios = _ratios()
    return ratios[choice("genotype", genotype, list(ratios))]


def cyp2c19_patient(genotype: str) -> Patient:
    """Return a patient with the escitalopram clearance of a genotype.

    Exposure at steady state is dose over clearance, so clearance is divided by the ratio.

    Parameters
    ----------
    genotype : str
        One of `cyp2c19_genotypes`.

    Returns
    -------
    Patient
        Ratio of clearance, volume unchanged.

    Examples
    --------
    >>> round(cyp2c19_patient("*17/*17").cl_ratio, 2)
    1.25
    """
    ratio = cyp2c19_exposure_ratio(genotype)
    return Patient(cl_ratio=1 / ratio, label=f"CYP2C19 {genotype}")


def _ratios() -> dict[str, float]:
    return {
        name.split(" ")[0]: float(member)
        for name, member in evidence.parameters("escitalopram_CYP2C19").items()
    }
