namespace Darkroom.Models.Networks.UNets;

/// <summary>What a U-Net without a text is built of: the fields of diffusers' <c>UNet2DModel</c> config.</summary>
internal sealed record PictureUNetShape
{
    /// <summary><c>in_channels</c> and <c>out_channels</c>.</summary>
    public int Channels { get; init; } = 3;

    /// <summary><c>block_out_channels</c>, the finest first.</summary>
    public required IReadOnlyList<int> Levels { get; init; }

    /// <summary>Which levels attend, the finest first: <c>down_block_types</c>, and <c>up_block_types</c> the other way round.</summary>
    public required IReadOnlyList<bool> Attends { get; init; }

    /// <summary><c>layers_per_block</c>.</summary>
    public int Layers { get; init; } = 2;

    /// <summary><c>attention_head_dim</c>: width of a head; null: one head.</summary>
    public int? HeadWidth { get; init; } = 8;

    /// <summary><c>add_attention</c>: whether the middle attends.</summary>
    public bool MiddleAttends { get; init; } = true;

    /// <summary><c>norm_num_groups</c>.</summary>
    public int Groups { get; init; } = 32;

    /// <summary><c>norm_eps</c>.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary><c>flip_sin_to_cos</c>.</summary>
    public bool CosineFirst { get; init; } = true;

    /// <summary><c>freq_shift</c>.</summary>
    public float FrequencyShift { get; init; }

    /// <summary><c>downsample_padding</c>: 1 all around; 0: below and on the right alone.</summary>
    public int Padding { get; init; } = 1;
}
