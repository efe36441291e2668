namespace Darkroom.TestKit.Faults;

/// <summary>What becomes of a request at the proxy.</summary>
public enum ProxyFault
{
    None,

    /// <summary>503 in place of an answer; the store sees nothing of it.</summary>
    Unavailable,

    /// <summary>The store does it, and the answer is lost: 500.</summary>
    AnswerLost,

    /// <summary>The store's answer breaks off in its middle.</summary>
    CutShort,

    /// <summary>The connection is closed without an answer.</summary>
    Closed,

    /// <summary>It takes longer than anybody waits.</summary>
    Hangs,

    /// <summary>The store says that it is full, as MinIO does.</summary>
    Full,

    /// <summary>No object store is there but a web server, which does not know the address.</summary>
    OtherSays404,

    /// <summary>One that has a page for every address.</summary>
    OtherSays200,
}
