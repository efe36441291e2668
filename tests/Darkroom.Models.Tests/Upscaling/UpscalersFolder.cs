using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Upscaling;

/// <summary>A models path of its own with upscalers in it.</summary>
internal sealed class UpscalersFolder : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("darkroom-upscalers-").FullName;

    /// <summary>The models that ship.</summary>
    public static string Shipped => System.IO.Path.Combine(Repository.Root, "models");

    public string Path => path;

    public UpscalersFolder Write(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(path, "upscalers"));
        File.WriteAllBytes(System.IO.Path.Combine(path, "upscalers", name), content);
        return this;
    }

    public UpscalersFolder Write(string name, string content) => Write(name, System.Text.Encoding.UTF8.GetBytes(content));

    public UpscalersFolder Write(string name, TinyGraph graph) => Write(name, graph.ToBytes());

    public UpscalerCatalog Read() => new(path);

    /// <summary>Loads a graph; the file is gone afterwards.</summary>
    public static Upscaler Load(TinyGraph graph)
    {
        using var folder = new UpscalersFolder().Write("tiny.onnx", graph);
        return Upscaler.Load(System.IO.Path.Combine(folder.Path, "upscalers", "tiny.onnx"), folder.Read().Find("tiny")!, new SessionSettings { Threads = 1 });
    }

    public void Dispose() => Directory.Delete(path, recursive: true);
}
