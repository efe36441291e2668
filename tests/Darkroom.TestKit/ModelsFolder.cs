namespace Darkroom.TestKit;

/// <summary>A models path made for a test: models of the repository by link, and models made of the starter's parts.</summary>
public sealed class ModelsFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("darkroom-models-").FullName;

    /// <summary>A model of the repository under a name.</summary>
    public ModelsFolder Link(string name, params string[] folder)
    {
        Directory.CreateSymbolicLink(System.IO.Path.Combine(Path, name), System.IO.Path.Combine(Repository.Root, System.IO.Path.Combine(folder)));
        return this;
    }

    /// <summary>The starter again, one part and the files beside the parts copied, the other parts by link.</summary>
    /// <returns>The new model's folder.</returns>
    public string Copy(string name, string part)
    {
        string source = System.IO.Path.Combine(Repository.Root, "models", "starter"), target = System.IO.Path.Combine(Path, name);
        CopyFiles(source, target);
        foreach (string folder in Directory.EnumerateDirectories(source))
        {
            string one = System.IO.Path.GetFileName(folder), there = System.IO.Path.Combine(target, one);
            if (one == part) CopyFiles(folder, there);
            else Directory.CreateSymbolicLink(there, folder);
        }
        return target;
    }

    /// <summary>All files of a model of the repository, to be changed.</summary>
    /// <returns>The new model's folder.</returns>
    public string CopyOf(string name, params string[] folder)
    {
        string source = System.IO.Path.Combine(Repository.Root, System.IO.Path.Combine(folder)), target = System.IO.Path.Combine(Path, name);
        CopyFiles(source, target);
        foreach (string part in Directory.EnumerateDirectories(source)) CopyFiles(part, System.IO.Path.Combine(target, System.IO.Path.GetFileName(part)));
        return target;
    }

    /// <summary>Writes one value over bytes of a part's graph. 0xFF within weights is NaN.</summary>
    public static void Spoil(string folder, string part, int at, byte value, int length = 256)
    {
        using var stream = File.OpenWrite(System.IO.Path.Combine(folder, part, "model.onnx"));
        stream.Position = at;
        stream.Write([.. Enumerable.Repeat(value, length)]);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static void CopyFiles(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (string file in Directory.EnumerateFiles(source)) File.Copy(file, System.IO.Path.Combine(target, System.IO.Path.GetFileName(file)));
    }
}
