using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Autoencoders;

/// <summary>A models path with autoencoders of the repository's small models, in each of their forms.</summary>
internal sealed class VaeFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("darkroom-vaes-").FullName;

    /// <summary>Two graphs.</summary>
    public VaeFolder AddGraphs(string id, string family)
    {
        foreach (string half in (string[])["vae_decoder", "vae_encoder"]) Copy(Pack(family, "onnx", half), System.IO.Path.Combine("vae", id, half));
        return this;
    }

    /// <summary>A folder in diffusers' layout.</summary>
    public VaeFolder AddFolder(string id, string family)
    {
        Copy(Pack(family, "diffusers", "vae"), System.IO.Path.Combine("vae", id));
        return this;
    }

    /// <summary>A file in diffusers' names or, as a whole checkpoint has it, in LDM's; with a card that names the configuration.</summary>
    public VaeFolder AddFile(string id, string family, bool ldm = false, bool card = true)
    {
        string source = ldm ? Pack(family, "single", family + "-fp16.safetensors") : Pack(family, "diffusers", "vae", "diffusion_pytorch_model.safetensors");
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "vae"));
        File.Copy(source, PathOf(id + ".safetensors"));
        if (!card) return this;
        Copy(Pack(family, "diffusers", "vae"), $"configs-{id}", json: true);
        File.WriteAllText(PathOf(id + ".darkroom.json"), $$"""{ "config": "../configs-{{id}}" }""");
        return this;
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, "vae", name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string Pack(params string[] parts) =>
        System.IO.Path.Combine([Repository.Root, "tests", "conformance", "pipelines", .. parts]);

    private void Copy(string source, string target, bool json = false)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Path, target));
        foreach (string file in Directory.EnumerateFiles(source).Where(file => !json || file.EndsWith(".json", StringComparison.Ordinal)))
            File.Copy(file, System.IO.Path.Combine(Path, target, System.IO.Path.GetFileName(file)));
    }
}
