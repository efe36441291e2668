using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.Blocks;

/// <summary>
/// A picture's cells attend to each other, beside the picture itself: diffusers' <c>Attention</c> in autoencoders and in U-Nets without a text.
/// </summary>
/// <param name="sequences">Of the batch.</param>
/// <param name="attention">Its heads.</param>
/// <param name="groups">Of the norm.</param>
/// <param name="epsilon">Of the norm.</param>
internal sealed class PictureAttention(Sequences sequences, Attention attention, int groups, float epsilon)
{
    /// <param name="picture">[B, C, h, w].</param>
    public GraphValue Write(Module module, GraphValue picture)
    {
        int channels = picture.Width;
        var rows = Sequences.FromPicture(module["group_norm"].GroupNorm(picture, groups, epsilon)); // [B · h · w, C]
        var (query, key, value) = (module["to_q"].Linear(rows, channels), module["to_k"].Linear(rows, channels), module["to_v"].Linear(rows, channels));
        var attended = attention.Write(sequences.Unflatten(query), sequences.Unflatten(key), sequences.Unflatten(value)); // [B, h · w, C]
        return sequences.ToPicture(module["to_out", 0].Linear(Sequences.Flatten(attended), channels), picture) + picture;
    }
}
