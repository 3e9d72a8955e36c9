"""Tests; this file lets them win over a package of that name which pymrio installs."""
