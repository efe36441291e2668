namespace Darkroom.Models.Checkpoints.Names;

/// <summary>What the authors of a transformer call its layers, and what diffusers calls them.</summary>
/// <param name="Outer">Layers that stand in no block.</param>
/// <param name="Lists">Its lists of blocks.</param>
internal sealed record TransformerNames(IReadOnlyList<LayerNames> Outer, IReadOnlyList<BlockNames> Lists)
{
    /// <summary>diffusers' name of the last norm's layer.</summary>
    private const string LastNorm = "norm_out.linear";

    /// <summary>In a last block whose text is not needed behind it, diffusers' name of the text's norm's layer.</summary>
    private const string LastTextNorm = "norm1_context.linear";

    /// <summary>
    /// Whether a layer gives its two vectors the other way round: the authors' networks have the shift first everywhere, diffusers' last norms the scale.
    /// </summary>
    /// <param name="ours">diffusers' name.</param>
    /// <param name="rows">Of its weight.</param>
    /// <param name="width">Of the sequences that it is for.</param>
    public static bool IsSwapped(string ours, long rows, long width) =>
        rows % 2 == 0 && (ours == LastNorm || (rows == 2 * width && ours.EndsWith(LastTextNorm, StringComparison.Ordinal)));
}

/// <summary>A list of blocks.</summary>
/// <param name="Theirs">What its authors call it.</param>
/// <param name="Ours">What diffusers calls it.</param>
/// <param name="Layers">Of each block, by their names in it.</param>
internal sealed record BlockNames(string Theirs, string Ours, IReadOnlyList<LayerNames> Layers);

/// <summary>A layer by its authors' name, which may be several of diffusers' layers, one below the other.</summary>
/// <param name="Theirs">The authors' name.</param>
/// <param name="Ours">diffusers' names, from the first row on.</param>
internal sealed record LayerNames(string Theirs, params IReadOnlyList<string> Ours)
{
    /// <summary>How many times the rows of the first each of diffusers' layers has.</summary>
    public IReadOnlyList<int> Shares { get; init; } = [.. Ours.Select(static _ => 1)];

    /// <summary>What the authors call the layer's weight, where it is no <c>weight</c>.</summary>
    public string Weight { get; init; } = "weight";
}
