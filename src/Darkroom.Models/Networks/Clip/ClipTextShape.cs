namespace Darkroom.Models.Networks.Clip;

/// <summary>
/// What a CLIP text encoder is built of: the fields of transformers' <c>CLIPTextConfig</c>. OpenCLIP's encoders are the same network with another gelu.
/// </summary>
internal sealed record ClipTextShape
{
    /// <summary><c>vocab_size</c>.</summary>
    public int Vocabulary { get; init; } = 49408;

    /// <summary><c>hidden_size</c>.</summary>
    public int Width { get; init; } = 768;

    /// <summary><c>num_hidden_layers</c>.</summary>
    public int Layers { get; init; } = 12;

    /// <summary><c>num_attention_heads</c>.</summary>
    public int Heads { get; init; } = 12;

    /// <summary><c>intermediate_size</c>.</summary>
    public int InnerWidth { get; init; } = 3072;

    /// <summary><c>max_position_embeddings</c>.</summary>
    public int Positions { get; init; } = 77;

    /// <summary><c>hidden_act</c>: whether it is <c>gelu</c>, as OpenCLIP's; else <c>quick_gelu</c>.</summary>
    public bool ExactGelu { get; init; }

    /// <summary><c>layer_norm_eps</c>.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary><c>projection_dim</c> of an encoder with a projection, which then gives <c>text_embeds</c>; null: one without.</summary>
    public int? Projection { get; init; }

    /// <summary>Whether the projection gives back what it is given, so that it has no weight.</summary>
    public bool ProjectsNothing { get; init; }

    /// <summary>
    /// <c>eos_token_id</c>: the token whose first place the vector of the whole text is taken from. Null, and 2, which published configs say by mistake: the
    /// place of the greatest id, which the end token has.
    /// </summary>
    public int? EndToken { get; init; }
}

/// <summary>Which of a text encoder's earlier layers a graph gives.</summary>
internal enum EarlierLayers
{
    /// <summary>The last layer alone.</summary>
    None,

    /// <summary>All of them through the final layer norm: what Stable Diffusion 1 and 2 take for a clip_skip.</summary>
    Normalised,

    /// <summary>All of them as they are: what SDXL and Stable Diffusion 3 take.</summary>
    AsTheyAre,
}
