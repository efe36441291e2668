using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Benchmarks.Real.Exported;

/// <summary>diffusers' <c>ResnetBlock2D</c>, and its change of size, as exported.</summary>
internal static class TorchResnet
{
    /// <param name="time">The timestep's features behind SiLU, [B, T]; null where the network knows no timestep.</param>
    public static GraphValue Write(TorchModule module, GraphValue picture, int channels, int groups, float epsilon, GraphValue? time = null)
    {
        var h = module["norm1"].GroupNorm(picture, groups, epsilon);
        h = module["conv1"].Conv(module["nonlinearity"].Silu(h), channels, 3);
        if (time is not null)
        {
            var added = module["time_emb_proj"].Gemm(time, channels);
            foreach (long axis in (long[])[2, 3]) added = module.Add("Unsqueeze", channels, [added, module.Graph.Integers([axis])]);
            h = module.Add("Add", channels, [h, added]);
        }
        h = module["norm2"].GroupNorm(h, groups, epsilon);
        h = module["conv2"].Conv(module["nonlinearity"].Silu(h), channels, 3);
        if (picture.Width != channels) picture = module["conv_shortcut"].Conv(picture, channels, 1);
        return module.OverOne(module.Add("Add", channels, [picture, h]));
    }

    /// <summary>Every cell four times, and a convolution.</summary>
    public static GraphValue Double(TorchModule module, GraphValue picture)
    {
        var larger = module.Add("Resize", picture.Width, [picture, null, module.Graph.Numbers([4], [1, 1, 2, 2])], static node => node
            .Set("coordinate_transformation_mode", "asymmetric").Set("cubic_coeff_a", -0.75f).Set("mode", "nearest").Set("nearest_mode", "floor"));
        return module["conv"].Conv(larger, picture.Width, 3);
    }
}
