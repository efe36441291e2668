namespace Darkroom.Models.Networks.Autoencoders;

/// <summary>Reads how an autoencoder is built off its weights, for a file that comes without a configuration.</summary>
internal static class AutoencoderTensors
{
    private const int MaxLevels = 8, MaxLayers = 16;

    /// <summary>The shape; null where there is no decoder of the kind. Groups of the norms cannot be told and are the usual ones.</summary>
    /// <param name="weights">By diffusers' names.</param>
    public static AutoencoderShape? Of(IWeights weights)
    {
        if (weights.Find("decoder.conv_in.weight")?.Shape is not [_, var latents, _, _]
            || weights.Find("decoder.conv_out.weight")?.Shape is not [var colours, _, _, _]) return null;
        var channels = new List<int>(); // the coarsest first
        while (channels.Count < MaxLevels && Resnet(channels.Count, 0) is { } width) channels.Add((int)width);
        if (channels.Count == 0) return null;
        channels.Reverse();
        int resnets = 1;
        while (resnets <= MaxLayers && Resnet(0, resnets) is not null) resnets++;
        return new AutoencoderShape
        {
            Channels = channels,
            Layers = resnets - 1, // the decoder has one more than the encoder
            LatentChannels = (int)latents,
            PictureChannels = (int)colours,
            HasQuantConv = weights.Find("post_quant_conv.weight") is not null,
            Attends = weights.Find("decoder.mid_block.attentions.0.to_q.weight") is not null,
            Upcasts = true, // no weight tells, and the other choice can give black pictures
        };

        long? Resnet(int level, int index) => weights.Find($"decoder.up_blocks.{level}.resnets.{index}.conv1.weight")?.Shape is [var width, ..] ? width : null;
    }
}
