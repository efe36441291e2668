namespace Darkroom.Server.Logging;

/// <summary>What the console gets: plain lines for a terminal and JSON else, one of the two, or nothing.</summary>
public enum LogFormat { Auto, Text, Json, Off }
