using System.Globalization;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Quantising;

namespace Darkroom.Models.Upscaling;

/// <summary>Reads an upscaler's file from outside, with what may stand beside it in <c>id.json</c>. No graph is opened.</summary>
internal static class UpscalerFile
{
    public const string Ending = ".onnx";
    private const int MaxScale = 16, MaxRadius = 65536, MaxMultiple = 256;
    private static readonly HashSet<string> Known = ["title", "licence", "tile", "overlap", "notes", "precision"];

    public static UpscalerDescription Read(string folder, string id)
    {
        var faults = new FaultList();
        var properties = ReadGraph(folder, id + Ending, faults, out long bytes);
        var description = new UpscalerDescription
        {
            Id = id,
            Title = properties.GetValueOrDefault("name") is { Length: > 0 and <= 200 } name ? name : id,
            Licence = properties.GetValueOrDefault("licence") ?? properties.GetValueOrDefault("license"),
            Scale = Number(properties, "scale", 1, MaxScale),
            Radius = Number(properties, "receptive_radius", 0, MaxRadius),
            Multiple = Number(properties, "tile_multiple", 1, MaxMultiple),
            Overlap = Number(properties, "tile_overlap", 0, UpscaleTiling.MaxOverlap) ?? UpscaleTiling.DefaultOverlap,
            Bytes = bytes,
        };
        return WithCard(description, folder, faults) with { Fault = faults.ToString() };
    }

    /// <summary>The graph and the files of its weights, in ordinal order of name.</summary>
    public static IReadOnlyList<string> FilesOf(string folder, string id)
    {
        var (outline, _) = GraphOutlines.Read(Path.Combine(folder, id + Ending));
        return [.. outline.Files.Select(data => data.Location).Append(id + Ending).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The graph and the files of its weights as they are now; the graph alone where it cannot be read.</summary>
    public static FileStamps StampsOf(string path)
    {
        string folder = Path.GetDirectoryName(path)!, id = Path.GetFileNameWithoutExtension(path);
        try
        {
            return FileStamps.Of(FilesOf(folder, id).Select(file => Path.Combine(folder, file)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return FileStamps.Of([path]);
        }
    }

    private static UpscalerDescription WithCard(UpscalerDescription description, string folder, FaultList faults)
    {
        if (JsonFile.Read(folder, description.Id + ".json", faults, required: false, strict: true) is not { } fields) return description;
        foreach (string key in fields.Names.Where(key => !Known.Contains(key)))
            fields.Fault(key, $"is not a key of this file; known are {string.Join(", ", Known)}");
        return description with
        {
            Title = fields.Text("title", 200) ?? description.Title,
            Licence = fields.Text("licence", 200) ?? description.Licence,
            Notes = fields.Text("notes", 10_000),
            Precision = fields.Word("precision", WeightPrecisions.Words) is { } precision ? WeightPrecisions.Find(precision)!.Value : WeightPrecision.Auto,
            Tile = fields.Integer("tile", UpscaleTiling.MinTile, UpscaleTiling.MaxTile) ?? description.Tile,
            Overlap = fields.Integer("overlap", 0, UpscaleTiling.MaxOverlap) ?? description.Overlap,
        };
    }

    private static IReadOnlyDictionary<string, string> ReadGraph(string folder, string file, FaultList faults, out long bytes)
    {
        bytes = 0;
        string path = Path.Combine(folder, file);
        if (FileFault.Of(path) is { } fault)
        {
            faults.Add(file, fault);
            return new Dictionary<string, string>();
        }
        try
        {
            (var outline, bytes) = GraphOutlines.Read(path);
            foreach (var data in outline.Files) bytes += CheckWeights(folder, file, data, faults);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 16384, FileOptions.RandomAccess);
            return GraphProperties.Read(stream);
        }
        catch (InvalidDataException error)
        {
            faults.Add(file, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            faults.Add(file, "cannot be read: " + FileFault.PlainReason(error));
        }
        return new Dictionary<string, string>();
    }

    /// <summary>Weights may lie in a file beside the graph, nowhere else.</summary>
    private static long CheckWeights(string folder, string graph, ExternalData data, FaultList faults)
    {
        if (data.Location.Length == 0 || data.Location != Path.GetFileName(data.Location) || data.Location.Contains('\0'))
        {
            faults.Add(graph, $"keeps weights in '{data.Location}', which is not a file beside it");
            return 0;
        }
        string path = Path.Combine(folder, data.Location);
        if (FileFault.Of(path) is { } fault)
        {
            faults.Add(data.Location, $"{fault} ({graph} keeps its weights in it)");
            return 0;
        }
        long length = FileFault.LengthOf(new FileInfo(path));
        if (length < data.Bytes) faults.Add(data.Location, $"is cut off: {length} bytes of {data.Bytes} are there");
        return length;
    }

    private static int? Number(IReadOnlyDictionary<string, string> properties, string name, int min, int max) =>
        int.TryParse(properties.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= min && value <= max
            ? value
            : null;
}
