using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Pool;

namespace Darkroom.Models.ControlNets;

/// <summary>
/// Finds the ControlNets in a folder, at any depth: folders with <c>model.onnx</c>, <c>config.json</c> or diffusers' weights, and files of weights that lie in
/// none of these. A folder at the top with none of them inside is meant to be one. Links are followed.
/// </summary>
internal static class ControlNetScan
{
    private const int MaxDepth = 8;

    /// <summary>What people keep weights in that is never read.</summary>
    private static readonly string[] Pickles = [CheckpointFile.PickleExtension, ".pth", ".pt", ".bin"];

    /// <summary>Places relative to the folder, with <c>/</c>, by their ids, in ordinal order of these.</summary>
    public static IReadOnlyList<(string Id, string Relative)> Find(string root)
    {
        var found = new List<string>();
        try
        {
            Visit(new DirectoryInfo(root), "", found, MaxDepth);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // not there, or not ours to read
        }
        var configs = found.Select(relative => Path.Combine(root, relative)).Where(path => !Directory.Exists(path)).Select(ModelPlace.ConfigOf)
            .OfType<string>().ToHashSet(StringComparer.Ordinal);
        found.RemoveAll(relative => configs.Contains(Path.Combine(root, relative)));
        // A file's name counts without its extension, unless something beside it has that name too.
        var names = found.GroupBy(relative => NameOf(root, relative), StringComparer.Ordinal)
            .SelectMany(same => same.Count() == 1 ? same.Select(relative => (Name: same.Key, relative)) : same.Select(relative => (Name: relative, relative)));
        var byName = names.ToDictionary(one => one.Name, one => one.relative, StringComparer.Ordinal);
        return [.. ModelIds.Of(byName.Keys).Select(one => (Id: one.Value, Relative: byName[one.Key])).OrderBy(one => one.Id, StringComparer.Ordinal)];
    }

    private static bool Visit(DirectoryInfo folder, string relative, List<string> found, int depth)
    {
        if (relative.Length > 0 && IsOne(folder.FullName, relative))
        {
            found.Add(relative);
            return true;
        }
        bool any = false;
        foreach (var file in folder.GetFiles().Where(file => IsWeights(file.Name)))
        {
            found.Add(Join(relative, file.Name));
            any = true;
        }
        foreach (var child in folder.GetDirectories())
        {
            string path = Join(relative, child.Name);
            if (depth > 0 && Children(child, path, found, depth - 1)) any = true;
            else if (relative.Length == 0) found.Add(path);
        }
        return any;
    }

    private static bool Children(DirectoryInfo folder, string relative, List<string> found, int depth)
    {
        try
        {
            return Visit(folder, relative, found, depth);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsOne(string folder, string relative) =>
        File.Exists(Path.Combine(folder, GraphFile.Name)) || File.Exists(Path.Combine(folder, "config.json"))
        || FolderSource.Has(folder[..^relative.Length], relative);

    private static bool IsWeights(string name) => name.EndsWith(CheckpointFile.Extension, StringComparison.OrdinalIgnoreCase)
        || Array.Exists(Pickles, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private static string NameOf(string root, string relative) =>
        Directory.Exists(Path.Combine(root, relative)) ? relative : relative[..^Path.GetExtension(relative).Length];

    private static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";
}
