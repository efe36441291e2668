using Darkroom.Imaging;

namespace Darkroom.Engine.Artifacts;

/// <summary>What is known of a stored picture, without its bytes. Nothing of it changes.</summary>
/// <param name="Id">128 random bits, 32 lower-case hex digits.</param>
/// <param name="Job">The job that made it.</param>
/// <param name="Length">Of the file, bytes.</param>
/// <param name="Sha256">Of the file, 64 lower-case hex digits.</param>
public sealed record Artifact(string Id, string Job, PictureFormat Format, long Length, string Sha256);

/// <summary>A picture that can be read; it can be read to its end whatever becomes of it meanwhile.</summary>
/// <param name="Artifact">Whose bytes they are.</param>
/// <param name="Content">The whole file, from its beginning; can seek.</param>
public sealed record OpenArtifact(Artifact Artifact, Stream Content) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>A stored picture in a list of all.</summary>
/// <param name="WrittenAt">When it was stored.</param>
public sealed record ArtifactEntry(string Id, string Job, DateTimeOffset WrittenAt);

/// <summary>How storing a picture ended: a closed set.</summary>
public abstract record ArtifactAdded
{
    private ArtifactAdded() { }

    public sealed record Stored(Artifact Artifact) : ArtifactAdded;

    /// <summary>There is no space for it, and none could be made; nothing of it is kept.</summary>
    public sealed record DiskFull : ArtifactAdded;
}
