using System.Text.Json;
using System.Text.RegularExpressions;
using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Networks;

namespace Darkroom.Models.Checkpoints;

/// <summary>
/// A folder in diffusers' layout: <c>PART/diffusion_pytorch_model.safetensors</c>, of text encoders <c>PART/model.safetensors</c>; or the variant
/// <c>.fp16.</c>; or shards with their index. Where a part has several, full precision is taken before fp16, and that before any other.
/// </summary>
/// <param name="root">The folder.</param>
internal sealed partial class FolderSource(string root) : IPartSource
{
    private static readonly string[] Stems = ["diffusion_pytorch_model", "model"];

    public PartWeights? Find(string part, FaultList faults)
    {
        string folder = Path.Combine(root, part);
        if (FileOf(folder) is not { } first) return null;
        string name = $"{part}/{Path.GetFileName(first)}";
        if (FileFault.Of(first) is { } fault)
        {
            faults.Add(name, fault);
            return null;
        }
        string[] paths = first.EndsWith(".json", StringComparison.Ordinal) ? Shards(part, first, faults) : [first];
        var files = new List<SafetensorsFile>();
        foreach (string path in paths)
            if (CheckpointFile.Read(path, $"{part}/{Path.GetFileName(path)}", folder, faults) is { } file) files.Add(file);
        if (files.Count == 0 || files.Count < paths.Length) return null;
        return new(new FileWeights(files), name, paths, [.. files.SelectMany(file => file.Tensors.Values)]);
    }

    /// <summary>Whether a folder has weights that this reads.</summary>
    public static bool Has(string root, string part) => FileOf(Path.Combine(root, part)) is not null;

    /// <summary>The part's one file, or the index of its shards; null where it has neither.</summary>
    private static string? FileOf(string folder)
    {
        if (!Directory.Exists(folder)) return null;
        try
        {
            return Directory.EnumerateFiles(folder).Select(path => (Path: path, Match: Weights().Match(Path.GetFileName(path))))
                .Where(file => file.Match.Success && Stems.Contains(file.Match.Groups["stem"].Value))
                .OrderBy(file => file.Match.Groups["variant"].Value switch { "" => 0, "fp16" => 1, _ => 2 })
                .ThenBy(file => file.Path.EndsWith(".json", StringComparison.Ordinal)).ThenBy(file => file.Path, StringComparer.Ordinal)
                .Select(file => file.Path).FirstOrDefault();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The files that an index names, which lie beside it.</summary>
    private static string[] Shards(string part, string index, FaultList faults)
    {
        string name = Path.GetFileName(index), folder = Path.GetDirectoryName(index)!;
        if (JsonFile.Read(folder, name, faults)?.Object("weight_map") is not { } map)
        {
            faults.Add($"{part}/{name}", "weight_map: is missing");
            return [];
        }
        string[] files =
            [.. map.Json.EnumerateObject().Select(entry => entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "").Distinct()];
        if (Array.TrueForAll(files, file => file.Length > 0 && file == Path.GetFileName(file) && file.EndsWith(".safetensors", StringComparison.Ordinal)))
            return [.. files.Order(StringComparer.Ordinal).Select(file => Path.Combine(folder, file))];
        faults.Add($"{part}/{name}", "weight_map: a shard is named by something else than the name of a .safetensors file beside it");
        return [];
    }

    [GeneratedRegex(@"^(?<stem>[a-z_]+?)(?:\.(?<variant>(?!safetensors)[A-Za-z0-9_-]+))?\.safetensors(?:\.index(?:\.(?<variant>[A-Za-z0-9_-]+))?\.json)?$")]
    private static partial Regex Weights();
}
