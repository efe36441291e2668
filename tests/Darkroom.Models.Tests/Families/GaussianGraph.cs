using Darkroom.Diffusion.Measuring;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Tests.Families;

/// <summary>
/// A graph whose answer is the score of data from N(0, deviation²) in closed form: ε = σ/(α²·deviation² + σ²)·x, with α and σ of each row's timestep.
/// </summary>
internal static class GaussianGraph
{
    public static WrittenGraph Write(TrainingLevels levels, double deviation)
    {
        var graph = new GraphWriter(GraphTarget.Cpu);
        var sample = graph.Input("sample", OnnxElement.Float, "batch", "channels", "height", "width");
        var timestep = graph.Input("timestep", OnnxElement.Int64, "batch");
        float[] factors =
        [
            .. Enumerable.Range(0, levels.Count).Select(at => levels[at])
                .Select(level => (float)(level.Sigma / (level.Alpha * level.Alpha * deviation * deviation + level.Sigma * level.Sigma))),
        ];
        var factor = graph.Add("Gather", 0, [graph.Numbers([factors.Length], factors), timestep]).Unsqueeze(1, 2, 3); // [B, 1, 1, 1]
        graph.FloatOutput("out_sample", sample * factor, "batch", "channels", "height", "width");
        return graph.Write("unet");
    }
}
