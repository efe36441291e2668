namespace Darkroom.Server.Commands.Pull;

/// <summary>A file of a repository.</summary>
/// <param name="Path">In the repository, with <c>/</c>.</param>
/// <param name="Bytes">Its length; null where the hub does not say.</param>
/// <param name="Sha256">Lower-case hex; null where the hub does not say, as of small files.</param>
internal sealed record HubFile(string Path, long? Bytes, string? Sha256)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The part of a model that it belongs to: the folder that it is in; empty at the top.</summary>
    public string Part => Path.Contains('/') ? Path[..Path.IndexOf('/')] : "";
}
