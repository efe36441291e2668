namespace Darkroom.Models.Graphs.Writing;

/// <summary>The deepest folder that holds all the files of a graph's weights: a model from memory finds weights below one folder alone.</summary>
internal sealed class WeightsFolder
{
    /// <param name="files">Paths without links; at least one.</param>
    public WeightsFolder(IEnumerable<string> files)
    {
        string[]? shared = null;
        foreach (string file in files.Distinct())
        {
            string[] parts = PartsOf(System.IO.Path.GetDirectoryName(file)!);
            shared = shared is null ? parts : [.. shared.Zip(parts).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)];
        }
        Path = string.Join(System.IO.Path.DirectorySeparatorChar, shared ?? throw new InvalidOperationException("a graph without weights"));
        if (Path.Length == 0) Path = System.IO.Path.DirectorySeparatorChar.ToString();
    }

    public string Path { get; }

    /// <summary>A file's path below the folder, as ONNX wants it.</summary>
    public string LocationOf(string file) => System.IO.Path.GetRelativePath(Path, file).Replace(System.IO.Path.DirectorySeparatorChar, '/');

    private static string[] PartsOf(string folder) => folder.TrimEnd(System.IO.Path.DirectorySeparatorChar).Split(System.IO.Path.DirectorySeparatorChar);
}
