using Darkroom.Models.Files;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Checkpoints;

/// <summary>
/// Where a model lies: a folder in diffusers' layout with graphs or weights; or a file with all weights, and a folder of configurations for it.
/// </summary>
/// <param name="Path">The folder, or the file.</param>
/// <param name="Root">Where its configurations and tokenizers are.</param>
/// <param name="Source">Its weights, but for parts that are graphs.</param>
internal sealed record ModelPlace(string Path, string Root, IPartSource Source)
{
    /// <summary>What is beside a file of weights in place of <c>darkroom.json</c>.</summary>
    public const string CardEnd = ".darkroom.json";

    /// <summary>What a file of weights was recognised as; null for a folder.</summary>
    public CheckpointKind? Kind { get; private init; }

    /// <summary>Whether all weights are in one file.</summary>
    public bool IsFile => Kind is not null;

    /// <summary>Whether its configurations are those that ship for its family: then its sizes are those that its tensors tell.</summary>
    public bool IsPublished => IsFile && PublishedConfigs.Contains(Root);

    /// <summary>Whether it may have a part, as far as its files tell: a file of weights has those that it has tensors of.</summary>
    public bool MayHave(string part) => Source is not CheckpointSource file || file.Has(part);

    /// <summary>Where <see cref="CardName"/> is.</summary>
    public string CardFolder => IsFile ? System.IO.Path.GetDirectoryName(Path)! : Path;

    /// <summary>The file in which the model's author or owner says what its files cannot.</summary>
    public string CardName => IsFile ? CardOf(Path) : "darkroom.json";

    /// <summary>A model's place; null where a fault was added.</summary>
    /// <param name="path">A folder, or a file of weights.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static ModelPlace? Of(string path, FaultList faults)
    {
        path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (!IsCheckpoint(path)) return new(path, path, new FolderSource(path));
        string name = System.IO.Path.GetFileName(path), folder = System.IO.Path.GetDirectoryName(path)!;
        if (path.EndsWith(CheckpointFile.PickleExtension, StringComparison.OrdinalIgnoreCase))
        {
            faults.Add(name, "is a pickle, which can run any program when it is read; it has to be a .safetensors file");
            return null;
        }
        if (CheckpointFile.Read(path, name, folder, faults) is not { } file) return null;
        if (CheckpointKind.Of(file, out string reason) is not { } kind)
        {
            faults.Add(name, reason);
            return null;
        }
        var source = new CheckpointSource(file, kind);
        if (source.Missing is { Count: > 0 } missing)
        {
            faults.Add(name, $"has the transformer of a {kind.Family} model, but no {string.Join(", no ", missing)}: all parts have to be in the file; "
                + "a folder in diffusers' layout can hold each in a file of its own");
            return null;
        }
        return RootOf(folder, CardOf(path), kind, name, faults) is { } root ? new(path, root, source) { Kind = kind } : null;
    }

    /// <summary>The place of a model that was described before.</summary>
    /// <exception cref="GraphException">It is not what it was.</exception>
    public static ModelPlace At(string path)
    {
        var faults = new FaultList();
        return Of(path, faults) ?? throw new GraphException(faults.ToString()!);
    }

    /// <summary>Whether a path is that of a file of weights, one that is refused included.</summary>
    public static bool IsCheckpoint(string path) =>
        (path.EndsWith(CheckpointFile.Extension, StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(CheckpointFile.PickleExtension, StringComparison.OrdinalIgnoreCase)) && !Directory.Exists(path);

    /// <summary>The folder of configurations that a file's card names; null where it has no card, or the card names none.</summary>
    public static string? ConfigOf(string file)
    {
        string folder = System.IO.Path.GetDirectoryName(file)!;
        return JsonFile.Read(folder, CardOf(file), new FaultList(), required: false)?.Text("config") is { Length: > 0 } config && !config.Contains('\0')
            ? System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, config)))
            : null;
    }

    private static string CardOf(string file) => System.IO.Path.GetFileNameWithoutExtension(file) + CardEnd;

    private static string? RootOf(string folder, string card, CheckpointKind kind, string name, FaultList faults)
    {
        if (ConfigOf(System.IO.Path.Combine(folder, name)) is { } own)
        {
            if (Directory.Exists(own)) return own;
            faults.Add(card, "config: there is no such folder");
            return null;
        }
        if (kind.Folder is { } published) return PublishedConfigs.FolderOf(published);
        faults.Add(name, $"is a {kind.Family} checkpoint whose sizes are those of no published model; {card} beside it can name a folder with diffusers' "
            + "configurations and tokenizers: { \"config\": \"folder\" }");
        return null;
    }
}
