using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.Blocks;

/// <summary>Two convolutions beside the picture itself, as diffusers' <c>ResnetBlock2D</c>.</summary>
/// <param name="groups">Of the norms.</param>
/// <param name="epsilon">Of the norms.</param>
internal sealed class ResnetBlock(int groups, float epsilon)
{
    /// <param name="picture">[B, C′, h, w].</param>
    /// <param name="channels">C, of the result.</param>
    /// <param name="time">The timestep's features behind SiLU, [B, T]; null where the network knows no timestep.</param>
    public GraphValue Write(Module module, GraphValue picture, int channels, GraphValue? time = null)
    {
        var h = module["conv1"].Conv(module["norm1"].GroupNorm(picture, groups, epsilon).Silu(), channels, 3); // [B, C, h, w]
        if (time is not null) h += module["time_emb_proj"].Linear(time, channels).Unsqueeze(2, 3); // [B, C, 1, 1]
        h = module["conv2"].Conv(module["norm2"].GroupNorm(h, groups, epsilon).Silu(), channels, 3);
        return (picture.Width == channels ? picture : module["conv_shortcut"].Conv(picture, channels, 1)) + h;
    }
}
