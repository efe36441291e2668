using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Autoencoders;
using Darkroom.Models.Networks.Clip;
using Darkroom.Models.Networks.T5;
using Darkroom.Models.Networks.Transformers;
using Darkroom.Models.Networks.UNets;

namespace Darkroom.Models.Tests.Networks;

/// <summary>Networks at the size of published models ask for exactly as many numbers as those have.</summary>
public sealed class PublishedShapesTests
{
    [Fact]
    public void Stable_Diffusion_1_5()
    {
        var (down, up) = UNetShape.Ways(2, [1, 1, 1, 0]);
        var shape = new UNetShape { Channels = [320, 640, 1280, 1280], Down = down, Up = up, Middle = 1, Heads = [8, 8, 8, 8], TextWidth = 768 };
        Assert.Equal(859_520_964, Count(writer => UNet.Write(shape, writer)));
        Assert.Equal(859_520_964 + 5 * 9 * 320, Count(writer => UNet.Write(shape with { InChannels = 9 }, writer)));
        Assert.Equal(865_910_724, Count(writer => UNet.Write(shape with { TextWidth = 1024 }, writer))); // 2.1
        Assert.Equal(361_279_120, Count(writer => ControlNet.WriteHint(new(shape), writer)) + Count(writer => ControlNet.Write(new(shape), writer)));
        Assert.Equal(123_060_480, Count(writer => ClipTextEncoder.Write(new(), writer, EarlierLayers.Normalised)));
        Assert.Equal(83_653_863, Count(writer => Autoencoder.WriteEncoder(new(), writer)) + Count(writer => Autoencoder.WriteDecoder(new(), writer)));
    }

    [Fact]
    public void SDXL()
    {
        var (down, up) = UNetShape.Ways(2, [0, 2, 10]);
        Assert.Equal(2_567_463_684, Count(writer => UNet.Write(new()
        {
            Channels = [320, 640, 1280],
            Down = down,
            Up = up,
            Middle = 10,
            Heads = [5, 10, 20],
            TextWidth = 2048,
            SampleSize = 128,
            Added = new(1280),
        }, writer)));
        Assert.Equal(694_659_840, Count(writer => ClipTextEncoder.Write(
            new() { Width = 1280, Layers = 32, Heads = 20, InnerWidth = 5120, ExactGelu = true, Projection = 1280 }, writer, EarlierLayers.AsTheyAre)));
    }

    [Fact]
    public void Transformers()
    {
        Assert.Equal(4_762_310_656, Count(writer => T5Encoder.Write(new(), writer, "text_encoder_3")));
        Assert.Equal(11_901_408_320, Count(writer => FluxTransformer.Write(new() { TakesGuidance = true }, writer))); // dev
        Assert.Equal(11_891_178_560, Count(writer => FluxTransformer.Write(new(), writer))); // schnell
        // The published number leaves the table of positions out, and has the last block's queries of the text, whose answer nobody takes.
        Assert.Equal(2_028_328_000 + 192 * 192 * 1536 - (1536 * 1536 + 1536), Count(writer => StableDiffusion3Transformer.Write(new(), writer)));
    }

    private static long Count(Func<NetworkWriter, WrittenGraph?> write)
    {
        var network = new NetworkWriter(GraphTarget.Cpu, new Nothing(), new FaultList(), "nothing");
        Assert.Null(write(network));
        return network.Needed.Values.Sum(shape => shape.Aggregate(1L, (count, side) => count * side));
    }

    private sealed class Nothing : IWeights
    {
        public StoredTensor? Find(string name) => null;
    }
}
