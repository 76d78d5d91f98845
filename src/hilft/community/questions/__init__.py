"""The question page: its answer, its versions, its readers' word."""
