namespace Darkroom.TestKit.Chaos;

/// <summary>What a caller does with the answer.</summary>
public enum Manner
{
    /// <summary>Waits for the JSON.</summary>
    Wait,

    /// <summary>Waits for the picture itself.</summary>
    Picture,

    /// <summary>Closes the connection before long.</summary>
    HangUp,

    /// <summary>Gives the job little time.</summary>
    Deadline,

    /// <summary>Does not wait, and asks now and then.</summary>
    Poll,

    /// <summary>Does not wait, and cancels before long.</summary>
    Cancel,

    /// <summary>Does not wait, and reads the events to the end, previews too.</summary>
    Follow,

    /// <summary>Reads some events, is cut off, and goes on from the last one.</summary>
    Resume,

    /// <summary>Opens the events, never reads them, and leaves.</summary>
    Idle,
}
