namespace Darkroom.Server.Configuration;

/// <summary>Where pictures are kept, those that were sent and those that were made.</summary>
public enum ArtifactKind
{
    /// <summary>Where jobs are: in the data folder, or in the process.</summary>
    Files,

    /// <summary>In a bucket of an S3-compatible object store, which servers may share that share their jobs.</summary>
    S3,
}
