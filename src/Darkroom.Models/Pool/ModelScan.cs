using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Files;

namespace Darkroom.Models.Pool;

/// <summary>
/// Finds the model folders below a path: those with a <c>model_index.json</c>, at any depth, none inside another. <c>upscalers</c> at the top holds
/// models of another kind. Links are followed; a folder reached twice is one model, found by its own name before a link's.
/// </summary>
internal sealed class ModelScan
{
    private const string Upscalers = "upscalers";
    private readonly string root;
    private readonly List<string> found = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    private ModelScan(string root) => this.root = root;

    /// <summary>Paths of the folders as they are reached from <paramref name="root"/>; none where it does not exist.</summary>
    public static IReadOnlyList<string> Folders(string root)
    {
        var scan = new ModelScan(root);
        scan.Visit();
        return scan.found;
    }

    private void Visit()
    {
        // All folders proper first, whatever their depth, then what links lead to.
        var folders = new Stack<string>([root]);
        var links = new Queue<string>();
        while (folders.TryPop(out string? folder) || links.TryDequeue(out folder))
        {
            if (!seen.Add(RealPath.Of(folder))) continue;
            if (Path.Exists(Path.Combine(folder, PipelineIndex.Name)))
            {
                found.Add(folder);
                continue;
            }
            foreach (var child in Children(folder))
            {
                if (folder == root && child.Name == Upscalers) continue;
                if (child.LinkTarget is null) folders.Push(child.FullName);
                else links.Enqueue(child.FullName);
            }
        }
    }

    private static IEnumerable<DirectoryInfo> Children(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).GetDirectories().OrderBy(child => child.Name, StringComparer.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // gone, or not ours to read
        }
    }
}
