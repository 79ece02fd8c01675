"""How JupyterLab is set up for the course: settings that the wheel installs, and the connection."""
