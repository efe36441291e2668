namespace Darkroom.Models.Networks.UNets;

/// <summary>
/// What a U-Net with a text is built of. The fields of diffusers' <c>config.json</c> that differ between published models are here; each can be read off
/// the weights' shapes too, but for <see cref="Heads"/> and <see cref="SampleSize"/>.
/// </summary>
internal sealed record UNetShape
{
    /// <summary><c>in_channels</c>: 4; 9 with a mask and a masked picture; 8 with a picture to edit.</summary>
    public int InChannels { get; init; } = 4;

    /// <summary><c>out_channels</c>.</summary>
    public int OutChannels { get; init; } = 4;

    /// <summary><c>block_out_channels</c>: channels of each level, the finest first.</summary>
    public required IReadOnlyList<int> Channels { get; init; }

    /// <summary>
    /// Levels on the way down, the finest first; in each an entry for each resnet: how many transformer blocks follow it, 0 for none.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<int>> Down { get; init; }

    /// <summary>Levels on the way up, the coarsest first, in the same form.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Up { get; init; }

    /// <summary>Transformer blocks between the two ways; 0: two resnets alone; null: nothing is there, as in some distilled models.</summary>
    public required int? Middle { get; init; }

    /// <summary>Number of heads at each level. diffusers' configs call it <c>attention_head_dim</c>, and in newer ones <c>num_attention_heads</c>.</summary>
    public required IReadOnlyList<int> Heads { get; init; }

    /// <summary><c>cross_attention_dim</c>: width of the text's features.</summary>
    public required int TextWidth { get; init; }

    /// <summary><c>norm_num_groups</c>.</summary>
    public int Groups { get; init; } = 32;

    /// <summary><c>norm_eps</c>.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary><c>flip_sin_to_cos</c>.</summary>
    public bool CosineFirst { get; init; } = true;

    /// <summary><c>freq_shift</c>.</summary>
    public float FrequencyShift { get; init; }

    /// <summary><c>time_cond_proj_dim</c>: width of the guidance's features, an input of latent consistency models; null: none.</summary>
    public int? GuidanceWidth { get; init; }

    /// <summary>SDXL's further inputs; null: none.</summary>
    public AddedConditions? Added { get; init; }

    /// <summary>
    /// <c>sample_size</c>: latent cells along a side of the size that it was trained at. It decides which operator attends, not what can be drawn.
    /// </summary>
    public int SampleSize { get; init; } = UsualSampleSize;

    /// <summary>Whether the graph takes a ControlNet's residuals.</summary>
    public bool TakesResiduals { get; init; }

    /// <summary>Features of the timestep between its layers.</summary>
    public int TimeWidth => 4 * Channels[0];

    /// <summary>Whether a level's cells are many at the trained size.</summary>
    public bool HasManyCells(int level) => HasManyCells(SampleSize, level);

    /// <summary>Whether a level's cells are many at a size.</summary>
    public static bool HasManyCells(int sampleSize, int level) =>
        (long)(sampleSize >> level) * (sampleSize >> level) >= Graphs.Writing.GraphTarget.ManyPositions;

    /// <summary>Of a configuration that does not say: Stable Diffusion 1's.</summary>
    public const int UsualSampleSize = 64;

    /// <summary>Both ways of a U-Net whose levels all have as many resnets, one more on the way up, and whose resnets of a level are followed alike.</summary>
    /// <param name="layers"><c>layers_per_block</c>.</param>
    /// <param name="depths">
    /// Transformer blocks of each level, the finest first: <c>transformer_layers_per_block</c>, but 0 where <c>down_block_types</c> do not attend.
    /// </param>
    public static (IReadOnlyList<IReadOnlyList<int>> Down, IReadOnlyList<IReadOnlyList<int>> Up) Ways(int layers, IReadOnlyList<int> depths) => (
        [.. depths.Select(depth => Enumerable.Repeat(depth, layers).ToArray())],
        [.. depths.Reverse().Select(depth => Enumerable.Repeat(depth, layers + 1).ToArray())]);
}

/// <summary>What SDXL's U-Net takes beside the text: a vector of the whole text, and sizes.</summary>
/// <param name="TextWidth">Width of <c>text_embeds</c>.</param>
/// <param name="Sizes">How many numbers <c>time_ids</c> has: 6, in the refiner 5.</param>
/// <param name="SizeWidth"><c>addition_time_embed_dim</c>: features of each.</param>
internal sealed record AddedConditions(int TextWidth, int Sizes = 6, int SizeWidth = 256);
