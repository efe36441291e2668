using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Operation;

/// <summary>The starter, and copies of it whose denoiser hangs: one in a loop, which can be stopped, and one in a single node, which cannot.</summary>
public sealed class HangingModels : IDisposable
{
    public const string Endless = "endless", Stuck = "stuck";

    private readonly ModelsFolder models = new ModelsFolder().Link("starter", "models", "starter");

    public HangingModels()
    {
        Change(Endless, graph => HangingGraph.Endless(graph, "out_sample"));
        Change(Stuck, graph => HangingGraph.Stuck(graph, "out_sample", side: 6000));
    }

    public string ModelsPath => models.Path;

    public void Dispose() => models.Dispose();

    private void Change(string name, Func<byte[], byte[]> change)
    {
        string file = Path.Combine(models.Copy(name, "unet"), "unet", "model.onnx");
        File.WriteAllBytes(file, change(File.ReadAllBytes(file)));
    }
}
