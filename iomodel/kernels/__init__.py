"""The numbers: functions on arrays, numpy and scipy only."""
