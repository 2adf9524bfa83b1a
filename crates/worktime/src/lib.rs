//! Working time, exactly: dated calendars, working days and hours, due dates, explanation.
