using Darkroom.TestKit.Checkpoints;

namespace Darkroom.TestKit;

/// <summary>The pack's models in one of their layouts, as paths that the server could be given.</summary>
public sealed class PackModels : IDisposable
{
    public const string Graphs = "onnx", Weights = "diffusers", OneFile = "single";

    private readonly List<string> made = [];

    /// <summary>The model's folder or file; null where the pack has not this layout of the family.</summary>
    public string? PathOf(string family, string layout)
    {
        string folder = ConformancePack.PathOf("pipelines", family, layout);
        if (layout != OneFile) return File.Exists(Path.Combine(folder, "model_index.json")) ? folder : null;
        string file = Path.Combine(folder, family + "-fp16.safetensors");
        if (File.Exists(file)) return WithConfigs(family, to => File.Copy(file, to));
        // Of the others no file was published with the pack: it is put together of diffusers' folder.
        return SingleFile.Of(ConformancePack.PathOf("pipelines", family, Weights)) is { } tensors
            ? WithConfigs(family, to => RawTensors.Write(to, tensors)) : null;
    }

    public void Dispose()
    {
        foreach (string folder in made) Directory.Delete(folder, recursive: true);
        made.Clear();
    }

    /// <summary>A file with a card that names a folder of configurations: its sizes are those of no published model.</summary>
    private string WithConfigs(string family, Action<string> write)
    {
        string place = Directory.CreateTempSubdirectory("darkroom-file-").FullName, source = ConformancePack.PathOf("pipelines", family, Weights);
        made.Add(place);
        foreach (string config in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            if (config.EndsWith(".safetensors", StringComparison.Ordinal)) continue;
            string copy = Path.Combine(place, "configs", Path.GetRelativePath(source, config));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(config, copy);
        }
        string model = Path.Combine(place, family + ".safetensors");
        write(model);
        File.WriteAllText(Path.Combine(place, family + ".darkroom.json"), """{ "config": "configs" }""");
        return model;
    }
}
