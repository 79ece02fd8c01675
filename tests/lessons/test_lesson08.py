ASKED = {
    "day": {"drug": "milnacipran", "dose_mg": 100},
    "five_scans": {"ec50_ng_per_mL": 2.64, "ceiling_percent": 100},
    "rivals": {"scans": "one dose"},
}
