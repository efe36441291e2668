using Darkroom.Models.Checkpoints;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>A part's <c>model.onnx</c> with the files that hold its weights; or its weights alone, for which a graph is written when it is loaded.</summary>
/// <param name="Files">Paths relative to the model's folder, the graph first.</param>
/// <param name="Bytes">Their length together.</param>
/// <param name="Outline">What the graph says of itself.</param>
internal sealed record GraphFile(IReadOnlyList<string> Files, long Bytes, GraphOutline Outline)
{
    public const string Name = "model.onnx";

    /// <summary>What most of its weights are stored as: <c>fp16</c> …; null where it has none.</summary>
    public string? StoredAs { get; init; }

    /// <summary>Whether a part is a graph, or is to be one: it has no weights in another form either.</summary>
    public static bool IsGraph(ModelPlace place, string part) =>
        !place.IsFile && (Path.Exists(Path.Combine(place.Root, part, Name)) || !FolderSource.Has(place.Root, WeightsOf(part)));

    /// <summary>The part that holds the weights of a part: those of both halves of an autoencoder are in one.</summary>
    public static string WeightsOf(string part) => part is FolderLayout.Decoder or FolderLayout.Encoder ? FolderLayout.Autoencoder : part;

    /// <summary>Looks at a part from outside, whether it is a graph or weights; null where it is missing and may be, or where a fault was added.</summary>
    public static GraphFile? Read(ModelPlace place, string part, FaultList faults, bool required)
    {
        if (IsGraph(place, part)) return Read(place.Root, part, faults, required);
        if (place.Source.Find(WeightsOf(part), faults) is not { } weights) return null;
        string[] files = [.. weights.Files.Select(file => Path.GetRelativePath(place.CardFolder, file).Replace(Path.DirectorySeparatorChar, '/'))];
        return new(files, weights.BytesOf(part), GraphOutline.Empty) { StoredAs = StoredPrecision.Of(weights.Tensors) };
    }

    /// <summary>Looks at a part's graph from outside; null where it is missing and may be, or where a fault was added.</summary>
    public static GraphFile? Read(string root, string part, FaultList faults, bool required)
    {
        string relative = $"{part}/{Name}", path = Path.Combine(root, part, Name);
        if (!required && !Path.Exists(path)) return null;
        if (FileFault.Of(path) is { } fault)
        {
            faults.Add(relative, fault + Hint(root, part, path));
            return null;
        }
        try
        {
            var (outline, bytes) = GraphOutlines.Read(path);
            foreach (var data in outline.Files) bytes += CheckData(root, part, relative, data, faults);
            return new([relative, .. outline.Files.Select(data => $"{part}/{data.Location}")], bytes, outline)
            {
                StoredAs = StoredPrecision.Of(outline.Weights),
            };
        }
        catch (InvalidDataException error)
        {
            faults.Add(relative, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            faults.Add(relative, "cannot be read: " + FileFault.PlainReason(error));
        }
        return null;
    }

    private static long CheckData(string root, string part, string graph, ExternalData data, FaultList faults)
    {
        string folder = Path.GetFullPath(Path.Combine(root, part));
        string path = data.Location.Contains('\0') ? "" : Path.GetFullPath(Path.Combine(folder, data.Location));
        if (!RealPath.IsBelow(path, folder))
        {
            faults.Add(graph, $"keeps weights in '{data.Location}', which is outside the part's folder");
            return 0;
        }
        string relative = $"{part}/{data.Location}";
        if (FileFault.Of(path) is { } fault)
        {
            faults.Add(relative, $"{fault} ({graph} keeps its weights in it)");
            return 0;
        }
        // ONNX Runtime follows links no further than the folder, or the store of files that the graph itself is a link into.
        string real = RealPath.Of(Path.Combine(folder, data.Location));
        string[] allowed = [RealPath.Of(folder), Path.GetDirectoryName(RealPath.Of(Path.Combine(root, graph)))!];
        if (!Array.Exists(allowed, place => RealPath.IsBelow(real, place)))
        {
            faults.Add(relative, "is a link out of the part's folder");
            return 0;
        }
        long length = FileFault.LengthOf(new FileInfo(path));
        if (length < data.Bytes) faults.Add(relative, $"is cut off: {length} bytes of {data.Bytes} are there");
        return length;
    }

    /// <summary>What to do about a folder that has the part's weights for another program.</summary>
    private static string Hint(string root, string part, string path)
    {
        string folder = Path.Combine(root, part);
        return !Path.Exists(path) && Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.bin").Any()
            ? $"; {part} holds weights as a pickle (.bin), which can run any program when it is read: .safetensors files are needed"
            : "";
    }
}
