using Darkroom.Models.Files;
using Darkroom.Models.Graphs;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>A part's <c>model.onnx</c> with the files that hold its weights.</summary>
/// <param name="Files">Paths relative to the model's folder, the graph first.</param>
/// <param name="Bytes">Their length together.</param>
/// <param name="Outline">What the graph says of itself.</param>
internal sealed record GraphFile(IReadOnlyList<string> Files, long Bytes, GraphOutline Outline)
{
    public const string Name = "model.onnx";

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
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 16384, FileOptions.RandomAccess);
            var outline = OnnxOutline.Read(stream);
            long bytes = stream.Length;
            foreach (var data in outline.Files) bytes += CheckData(root, part, relative, data, faults);
            return new([relative, .. outline.Files.Select(data => $"{part}/{data.Location}")], bytes, outline);
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
        return !Path.Exists(path) && Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.safetensors").Any()
            ? $"; {part} holds safetensors weights, which must be exported to ONNX first (optimum-cli export onnx)"
            : "";
    }
}
