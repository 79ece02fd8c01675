"""Tests in a real browser: JupyterLab in Chromium, driven by the keyboard."""
