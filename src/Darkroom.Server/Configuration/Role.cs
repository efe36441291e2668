namespace Darkroom.Server.Configuration;

/// <summary>What a process does of the server's work.</summary>
public enum Role
{
    /// <summary>It takes requests and makes pictures.</summary>
    All,

    /// <summary>It takes requests; workers on the same database make the pictures. It needs no models.</summary>
    Api,

    /// <summary>It makes pictures, and answers probes alone.</summary>
    Worker,
}
