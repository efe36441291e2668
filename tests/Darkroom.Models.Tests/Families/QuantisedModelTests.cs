using Darkroom.Benchmarks;
using Darkroom.Diffusion.Noise;
using Darkroom.Models.Families;
using Darkroom.Models.Graphs.Quantising;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Families;

/// <summary>Models whose large layers compute with whole numbers.</summary>
public sealed class QuantisedModelTests
{
    // Its layers are wide enough. Of the U-Nets with weights in files, sd15-tiny's and sdxl-tiny's have 16 channels, fewer than are quantised.
    private const string Starter = "starter";

    // Answers that are further apart than this differ by more than the order in which float32 is summed.
    private const double Quantised = 1e-4;

    [Theory]
    [InlineData("sd15-tiny", "onnx", WeightPrecision.Int8, 0.05)]
    [InlineData(Starter, "", WeightPrecision.Int8, 0.05)]
    [InlineData("sd3-tiny", "diffusers", WeightPrecision.Int8, 0.05)]
    [InlineData("flux-tiny", "diffusers", WeightPrecision.Int8, 0.05)]
    [InlineData("sd3-tiny", "diffusers", WeightPrecision.Int4, 0.3)]
    public void Its_answers_are_near_those_of_float32(string name, string layout, WeightPrecision precision, double bound)
    {
        using var whole = Load(name, layout, WeightPrecision.Float32);
        using var quantised = Load(name, layout, precision);
        var rows = Rows(whole, 1);
        double distance = Distance(Run(whole, rows)[0], Run(quantised, rows)[0]);
        Assert.InRange(distance, Quantised, bound);
        Assert.Equal(precision.Word(), quantised.Description.Capabilities.Precision);
    }

    [Fact]
    public void Pictures_of_the_starter_keep_40_decibels()
    {
        using var whole = Load(Starter, "", WeightPrecision.Float32);
        using var quantised = Load(Starter, "", WeightPrecision.Int8);
        for (int i = 0; i < 8; i++)
            Assert.InRange(StarterPicture.Ratio(StarterPicture.Draw(whole, i), StarterPicture.Draw(quantised, i)), 40, 60); // dB
    }

    [Theory]
    [InlineData("sd15-tiny", "onnx")]
    [InlineData("sd15-tiny", "diffusers")]
    [InlineData(Starter, "")]
    [InlineData("sd3-tiny", "diffusers")]
    public void A_row_has_the_same_bytes_alone_and_in_company(string name, string layout)
    {
        using var model = Load(name, layout, WeightPrecision.Int8);
        var rows = Rows(model, 5);
        var company = Run(model, rows);
        for (int i = 0; i < rows.Length; i++) Assert.Equal(Run(model, [rows[i]])[0], company[i]);
        var pair = Run(model, [rows[3], rows[1]]);
        Assert.Equal(company[3], pair[0]);
        Assert.Equal(company[1], pair[1]);
    }

    [Fact]
    public void A_text_has_the_same_bytes_alone_and_in_company()
    {
        using var whole = Load(Starter, "", WeightPrecision.Float32);
        using var model = Load(Starter, "", WeightPrecision.Int8);
        string[] texts = ["a fox", "", "a lighthouse on a cliff at night"];
        var company = Encode(model, texts);
        Assert.InRange(Distance(Encode(whole, texts)[0], company[0]), Quantised, 0.05);
        for (int i = 0; i < texts.Length; i++) Assert.Equal(Encode(model, [texts[i]])[0], company[i]);
    }

    [Fact]
    public void It_takes_less_memory_and_says_so()
    {
        using var whole = Load("sd15-tiny", "diffusers", WeightPrecision.Auto);
        using var quantised = Load("sd15-tiny", "diffusers", WeightPrecision.Int8);
        Assert.InRange(quantised.Description.MemoryBytes, whole.Description.MemoryBytes / 5, whole.Description.MemoryBytes / 2);
    }

    [Fact]
    public void Float16_is_refused_on_a_CPU_and_whole_numbers_on_a_GPU()
    {
        var error = Assert.Throws<GraphException>(() => Load("sd15-tiny", "diffusers", WeightPrecision.Float16));
        Assert.Equal("precision: fp16 cannot be used on a CPU, for which there are no such kernels; auto, fp32, int8 and int4 can", error.Message);
        Assert.NotNull(SessionSettings.FaultOf(WeightPrecision.Int8, DeviceSpec.Cuda));
        Assert.Null(SessionSettings.FaultOf(WeightPrecision.Float16, DeviceSpec.Cuda));
    }

    private static IDiffusionModel Load(string name, string layout, WeightPrecision precision) =>
        ModelFolder.Load(
            name == Starter ? Path.Combine(Repository.Root, "models", Starter) : ConformancePack.PathOf("pipelines", name, layout),
            new SessionSettings { Threads = 2, Precision = precision });

    private static DenoiserRow[] Rows(IDiffusionModel model, int count)
    {
        var shape = model.Description.LatentsOf(model.Description.NativeSize, model.Description.NativeSize);
        var noise = new TorchCpuGenerator(5);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            float[] latents = new float[shape.Length];
            noise.Normal(latents);
            var text = model.Tokenize([new PromptText(i % 2 == 0 ? "a fox" : "")], TextReading.Weighted)[0];
            var encoded = model.TextEncoders.Select((encoder, index) => encoder.Encode([text.Encoders[index]], RunWidth.Wide)[0]).ToArray();
            var conditioning = model.ForRow(
                model.Condition(text, encoded), new RowConditions { Width = model.Description.NativeSize, Height = model.Description.NativeSize });
            return new DenoiserRow(latents, 1, 500 + 10 * i, conditioning, new float[shape.Length]);
        })];
    }

    private static float[][] Run(IDiffusionModel model, DenoiserRow[] rows)
    {
        var shape = model.Description.LatentsOf(model.Description.NativeSize, model.Description.NativeSize);
        DenoiserRow[] own = [.. rows.Select(row => row with { Output = new float[shape.Length] })];
        model.Denoiser.Run(shape, own, RunWidth.Wide);
        return [.. own.Select(row => row.Output.ToArray())];
    }

    private static float[][] Encode(IDiffusionModel model, string[] texts)
    {
        var read = model.Tokenize([.. texts.Select(text => new PromptText(text))], TextReading.Weighted);
        return [.. model.TextEncoders[0].Encode([.. read.Select(text => text.Encoders[0])], RunWidth.Wide).Select(text => text.Values)];
    }

    private static double Distance(float[] one, float[] other) =>
        Math.Sqrt(one.Zip(other, (left, right) => (double)(left - right) * (left - right)).Sum() / one.Sum(value => (double)value * value));
}
