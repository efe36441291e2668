using System.Text.Json;

namespace Darkroom.TestKit;

/// <summary>
/// The golden data: <c>tests/conformance</c>, or the folder of the same layout that <c>DARKROOM_CONFORMANCE</c> names.
/// Cases are found by reading what is there, never by name.
/// </summary>
public static class ConformancePack
{
    /// <summary>The folder in use.</summary>
    public static string Root { get; } =
        Environment.GetEnvironmentVariable("DARKROOM_CONFORMANCE") is { Length: > 0 } chosen
            ? Path.GetFullPath(chosen)
            : Path.Combine(Repository.Root, "tests", "conformance");

    /// <summary>The folder in the repository, for data that another pack may leave out (a vocabulary).</summary>
    private static string Own { get; } = Path.Combine(Repository.Root, "tests", "conformance");

    /// <summary>Whether the pack in use is the repository's.</summary>
    public static bool IsOwn => Root == Own;

    /// <summary>A file of the pack in use, or the repository's where that pack has none of the name.</summary>
    public static string PathOf(params string[] parts)
    {
        string relative = Path.Combine(parts);
        string here = Path.Combine(Root, relative);
        return File.Exists(here) || Directory.Exists(here) ? here : Path.Combine(Own, relative);
    }

    /// <summary>Whether the pack in use itself holds the file or folder.</summary>
    public static bool Has(params string[] parts)
    {
        string here = Path.Combine(Root, Path.Combine(parts));
        return File.Exists(here) || Directory.Exists(here);
    }

    /// <summary>Names, without ending, of the JSON files of a folder of the pack in use, in order; none where the folder is missing.</summary>
    public static IReadOnlyList<string> CaseNames(params string[] folder)
    {
        string path = Path.Combine(Root, Path.Combine(folder));
        if (!Directory.Exists(path)) return [];
        return [.. Directory.EnumerateFiles(path, "*.json")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => name != "index")
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>A JSON file of the pack.</summary>
    public static JsonElement Json(params string[] parts)
    {
        using var stream = File.OpenRead(PathOf(parts));
        using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 128 });
        return document.RootElement.Clone();
    }

    /// <summary>A safetensors file of the pack.</summary>
    public static TensorFile Tensors(params string[] parts) => TensorFile.Read(PathOf(parts));
}
