namespace Darkroom.Models.Residency;

/// <summary>How many threads a call may take.</summary>
public enum RunWidth
{
    /// <summary>All threads of the device.</summary>
    Wide,

    /// <summary>
    /// The calling thread alone, so that several calls run side by side. Where no session for that is open (it is asked for beforehand, and comes when it
    /// can), the call is a wide one.
    /// </summary>
    Narrow,
}
