using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>A whole model folder of one layout of the pack: some layouts have a U-Net alone, and take the other parts from <c>onnx</c>.</summary>
internal sealed class PackLayout : IDisposable
{
    private readonly bool temporary;

    private PackLayout(string path, bool temporary) => (Path, this.temporary) = (path, temporary);

    public string Path { get; }

    public static PackLayout Complete(string family, string layout)
    {
        string folder = ConformancePack.PathOf("pipelines", family, layout);
        if (File.Exists(System.IO.Path.Combine(folder, "model_index.json"))) return new(folder, temporary: false);
        var whole = new PackLayout(Directory.CreateTempSubdirectory("darkroom-layout-").FullName, temporary: true);
        Copy(ConformancePack.PathOf("pipelines", family, "onnx"), whole.Path);
        Copy(folder, whole.Path);
        return whole;
    }

    public void Dispose()
    {
        if (temporary) Directory.Delete(Path, recursive: true);
    }

    private static void Copy(string source, string target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = System.IO.Path.Combine(target, System.IO.Path.GetRelativePath(source, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
