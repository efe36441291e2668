namespace Darkroom.Models.Networks.Autoencoders;

/// <summary>
/// What an autoencoder is built of: the fields of diffusers' <c>AutoencoderKL</c> config that differ between models. All can be read off the weights' shapes.
/// </summary>
internal sealed record AutoencoderShape
{
    /// <summary><c>block_out_channels</c>: of each level, the finest first. Each level but the last halves the picture.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [128, 256, 512, 512];

    /// <summary><c>layers_per_block</c>: resnets of a level in the encoder; the decoder has one more.</summary>
    public int Layers { get; init; } = 2;

    /// <summary><c>latent_channels</c>: 4; 16 in Stable Diffusion 3 and FLUX.</summary>
    public int LatentChannels { get; init; } = 4;

    /// <summary><c>in_channels</c> and <c>out_channels</c>.</summary>
    public int PictureChannels { get; init; } = 3;

    /// <summary><c>norm_num_groups</c>.</summary>
    public int Groups { get; init; } = 32;

    /// <summary><c>use_quant_conv</c> and <c>use_post_quant_conv</c>: whether a 1 × 1 convolution stands on either side of the latents.</summary>
    public bool HasQuantConv { get; init; } = true;

    /// <summary><c>mid_block_add_attention</c>.</summary>
    public bool Attends { get; init; } = true;

    /// <summary>
    /// <c>force_upcast</c>: whether values on its way go beyond float16, as those of Stable Diffusion XL's do, so that it computes in float32 on any device.
    /// </summary>
    public bool Upcasts { get; init; }
}
