namespace Darkroom.Models.Networks.UNets;

/// <summary>What a ControlNet is built of: the half of its U-Net, and a few convolutions for the picture that it is given.</summary>
/// <param name="UNet">The U-Net whose half it is a copy of; what only the other half has does not count.</param>
internal sealed record ControlNetShape(UNetShape UNet)
{
    /// <summary><c>conditioning_channels</c>.</summary>
    public int PictureChannels { get; init; } = 3;

    /// <summary><c>conditioning_embedding_out_channels</c>: each but the first halves the picture's sides.</summary>
    public IReadOnlyList<int> PictureLevels { get; init; } = UsualLevels;

    /// <summary>Those of every published one.</summary>
    public static IReadOnlyList<int> UsualLevels { get; } = [16, 32, 96, 256];
}
