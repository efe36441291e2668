namespace Darkroom.Models.Networks.Transformers;

/// <summary>What FLUX's transformer is built of: the fields of diffusers' <c>FluxTransformer2DModel</c> config. The defaults are FLUX.1's.</summary>
internal sealed record FluxShape
{
    /// <summary><c>in_channels</c>: of a packed patch, four times the latents'.</summary>
    public int InChannels { get; init; } = 64;

    /// <summary><c>out_channels</c>; null in a config says the same as before.</summary>
    public int OutChannels { get; init; } = 64;

    /// <summary><c>num_layers</c>: blocks of two streams.</summary>
    public int Layers { get; init; } = 19;

    /// <summary><c>num_single_layers</c>: blocks of one.</summary>
    public int SingleLayers { get; init; } = 38;

    /// <summary><c>num_attention_heads</c>.</summary>
    public int Heads { get; init; } = 24;

    /// <summary><c>attention_head_dim</c>.</summary>
    public int HeadWidth { get; init; } = 128;

    /// <summary><c>joint_attention_dim</c>: width of the text's features.</summary>
    public int TextWidth { get; init; } = 4096;

    /// <summary><c>pooled_projection_dim</c>.</summary>
    public int PooledWidth { get; init; } = 768;

    /// <summary><c>guidance_embeds</c>: whether guidance is an input, as in FLUX.1 dev.</summary>
    public bool TakesGuidance { get; init; }

    /// <summary><c>axes_dims_rope</c>: how many of a head's features tell each axis of a place.</summary>
    public IReadOnlyList<int> PlaceWidths { get; init; } = [16, 56, 56];

    /// <summary>
    /// Whether the graph takes and gives latents as packed patches [B, S, 4C], with their places as inputs of their own, as exporters write it. Else it takes
    /// latents [B, C, h, w] as other denoisers do, and packs them itself.
    /// </summary>
    public bool IsPacked { get; init; }

    /// <summary>Width of the sequences.</summary>
    public int Width => Heads * HeadWidth;
}
