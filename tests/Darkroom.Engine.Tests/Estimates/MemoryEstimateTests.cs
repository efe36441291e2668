using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Models.Catalog;
using Darkroom.Models.Residency;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Tests.Estimates;

/// <summary>What rows keep between calls, as far as their request tells.</summary>
public sealed class MemoryEstimateTests
{
    private const long MiB = 1 << 20;

    /// <summary>Stable Diffusion 1.5 out of one file: the graphs are written, and their attention over many positions holds no products.</summary>
    private static readonly ModelDescription Written = new()
    {
        Id = "sd15", Title = "sd15", Denoiser = new(8, 320) { ScoresLevel = 2 }, DecoderHoldsScores = false,
        Parts =
        [
            new("unet", 3279 * MiB) { IsExact = true },
            new("text_encoder", 470 * MiB) { IsExact = true },
            new("vae_decoder", 190 * MiB) { IsExact = true },
        ],
    };

    /// <summary>Two rows of the U-Net, MiB resident at once beside the weights; decision 50 has the command.</summary>
    [Theory]
    [InlineData(256, 44)]
    [InlineData(512, 172)]
    [InlineData(768, 360)]
    public void Denoiser_is_estimated_above_what_was_measured_and_not_far(int side, long measured) =>
        Assert.InRange(MemoryEstimate.DenoiserBytes(Written, side, side, 2, 77), measured * MiB, measured * MiB * 5 / 4);

    [Theory]
    [InlineData(256, 160)]
    [InlineData(512, 645)]
    public void Decoder_is_estimated_above_what_was_measured_and_not_far(int side, long measured) =>
        Assert.InRange(MemoryEstimate.DecoderBytes(Written, side, side), measured * MiB, measured * MiB * 3 / 2);

    [Fact]
    public void Encoder_is_estimated_above_what_was_measured_and_not_far() =>
        Assert.InRange(MemoryEstimate.EncoderBytes(Written, 512, 512), 384 * MiB, 384 * MiB * 3 / 2);

    [Fact]
    public void Exported_graph_holds_the_products_of_all_positions_and_a_written_one_those_of_its_coarse_levels()
    {
        var exported = Written with { Denoiser = new(8, 320), DecoderHoldsScores = true };
        // torch's pattern was measured to take 2,186 MB at these sizes in one attention alone.
        Assert.InRange(MemoryEstimate.DenoiserBytes(exported, 512, 512, 2, 77), 2186L * 1000 * 1000, 2400 * MiB);
        Assert.True(MemoryEstimate.DecoderBytes(exported, 2048, 2048) > 32768 * MiB);
        long level = 2L * 2 * 8 * 4096 * 4096 * sizeof(float); // 64 x 64 cells of the third level at 2,048 pixels
        Assert.True(MemoryEstimate.DenoiserBytes(Written, 2048, 2048, 2, 77) > level);
    }

    [Fact]
    public void Long_texts_count()
    {
        long tokens = 4000, scores = 2 * 2 * 8 * 4096 * tokens * sizeof(float);
        Assert.InRange(MemoryEstimate.DenoiserBytes(Written, 512, 512, 2, tokens), scores, scores + 200 * MiB);
    }

    /// <summary>3,520 MiB for weights and calls: 4 GiB less 192 for the managed heap and 384 for the rest.</summary>
    [Fact]
    public void Decoder_has_the_room_of_a_denoiser_that_cannot_be_beside_it()
    {
        var memory = new MemoryLimits(4096 * MiB, 192 * MiB);
        var options = new EngineOptions
        {
            Memory = memory,
            Devices = [new() { BudgetBytes = memory.WeightBytes, MaxPartBytes = memory.NativeBytes }],
        };
        Assert.Equal(memory.NativeBytes - 3279 * MiB, MemoryEstimate.Available(options, Written.BytesOfLargestPart()));
        Assert.Equal(Math.Min(memory.CallBytes, memory.NativeBytes - 470 * MiB), MemoryEstimate.AvailableToAutoencoder(options, Written));
        Assert.Null(AutoencoderTiles.Of(Written, 512, 512, options));
        Assert.True(MemoryEstimate.NeedOf(Written, 512, 512, new TextLoad(2, 2, 77), options).Fits);
        Assert.False(MemoryEstimate.NeedOf(Written, 768, 768, new TextLoad(2, 2, 77), options).Fits);
    }

    [Fact]
    public void Model_that_can_never_be_loaded_is_refused_with_what_it_takes_and_who_would_fit()
    {
        var small = Written with { Id = "small", Parts = [new("unet", 100 * MiB) { IsExact = true }] };
        var options = new EngineOptions { MemoryLimitMiB = 8192, Devices = [new() { BudgetBytes = 1000 * MiB, MaxPartBytes = 2000 * MiB }] };
        var check = new AdmissionCheck(new Shelf(Written, small), new NoUpscalers(), new EngineLifetime(), options);
        var refused = check.TooLarge(Requests.Plain with { Model = "sd15", Width = 512, Height = 512 });
        Assert.NotNull(refused);
        Assert.Equal(("unet", 3279 * MiB, 2000 * MiB), (refused.Part, refused.EstimatedBytes, refused.AvailableBytes));
        Assert.Equal(["small"], refused.Models);
        Assert.Null(check.TooLarge(Requests.Plain with { Model = "small", Width = 512, Height = 512 }));
    }

    private sealed class Shelf(params ModelDescription[] all) : IModelDirectory
    {
        public IReadOnlyList<ModelDescription> All => all;
        public ModelDescription? Default => all[0];
        public ModelDescription? Find(string id) => Array.Find(all, one => one.Id == id);
        public ModelStatus StatusOf(string id) => new(ModelState.Cold);
    }

    private sealed class NoUpscalers : IUpscalerDirectory
    {
        public IReadOnlyList<UpscalerDescription> All => [];
        public UpscalerDescription? Find(string id) => null;
        public ModelStatus StatusOf(string id) => new(ModelState.Cold);
    }

    /// <summary>At 512 pixels Stable Diffusion's ControlNets give 6,717,440 numbers for each lane, kept twice.</summary>
    [Theory]
    [InlineData(1, 1.0, 1)]
    [InlineData(1, 7.5, 2)]
    [InlineData(3, 7.5, 2)]
    public void ControlNets_keep_what_they_answer_for_each_lane_of_each_picture(int count, double guidance, int lanes)
    {
        var plain = Requests.Plain with { Width = 512, Height = 512, Count = count, GuidanceScale = guidance };
        var led = plain with { Controls = [new() { Model = "edges", Picture = new("", 100, 50) }] };
        long each = 2L * lanes * 6_717_440 * sizeof(float) + (320 * 64 * 64 + 3 * 512 * 512) * sizeof(float) + 6 * 100 * 50;
        Assert.Equal(count * each, MemoryEstimate.StateOf(led) - MemoryEstimate.StateOf(plain));
    }
}
