namespace Darkroom.Models.Networks.Upscalers;

/// <summary>What an upscaler of ESRGAN's kind is built of; all can be read off the weights' shapes. The defaults are Real-ESRGAN x4plus'.</summary>
internal sealed record ResidualDenseShape
{
    /// <summary>Channels of the stream.</summary>
    public int Features { get; init; } = 64;

    /// <summary>Number of blocks.</summary>
    public int Blocks { get; init; } = 23;

    /// <summary>Channels that each convolution of a block adds.</summary>
    public int Growth { get; init; } = 32;

    /// <summary>Pixels along a side that are one cell of the stream: 1 enlarges by 4, 2 by 2, and 4 not at all.</summary>
    public int CellSide { get; init; } = 1;
}
