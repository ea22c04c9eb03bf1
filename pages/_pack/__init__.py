"""The week's issue on paper: bulletin, minutes, orders, slides, workbook, page, morning sheet. From an issue alone."""
