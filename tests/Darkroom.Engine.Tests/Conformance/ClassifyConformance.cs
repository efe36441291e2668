using Darkroom.Diffusion.Measuring;
using Darkroom.Diffusion.Noise;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Engine.Tests.Execution;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Darkroom.Models.Upscaling;
using Darkroom.Storage.Memory;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>Classification by a class-conditional model is what a direct loop over candidates and noises gives, to the last bit.</summary>
public sealed class ClassifyConformance : IDisposable, IRowSources
{
    private const int Trials = 7;

    private static readonly int[] Classes = [0, 3, 7, 9];

    private readonly IDiffusionModel model = ModelFolder.Load(ConformancePack.PathOf("pipelines", "dit-tiny", "onnx"), new SessionSettings());
    private readonly MemoryInputStore inputs = new(new RandomIds(), new InputMemory(1 << 20), TimeProvider.System);

    public void Dispose() => model.Dispose();

    Task<IDiffusionModel> IRowSources.ModelAsync(RowMemory row, string id, int device) => Task.FromResult(model);

    Task<Upscaler> IRowSources.UpscalerAsync(RowMemory row, string id, int device) => throw new NotSupportedException();

    PictureLoading IRowSources.Pictures => new(inputs, new DecodedPictures());

    [Fact]
    public async Task Scores_are_those_of_a_direct_loop()
    {
        byte[] file = await File.ReadAllBytesAsync(
            ConformancePack.PathOf("pipelines", "dit-tiny", "cases", "class-euler-8-0.png"), TestContext.Current.CancellationToken);
        Assert.True(PictureDecoder.TryDecode(file, PictureLimits.Default, out var picture, out _));
        var driver = new RowDriver(model);
        var row = driver.Add(Requests.Plain with
        {
            Task = GenerationTask.Classify, Model = "dit-tiny", Prompt = "", GuidanceScale = 1, Steps = Trials, Seed = 11,
            Width = picture.Width, Height = picture.Height, Classify = new([.. Classes.Select(one => $"{one}")], true, null),
            Edit = new()
            {
                Picture = new(await inputs.SendAsync(file, TestContext.Current.CancellationToken), picture.Width, picture.Height),
                Strength = 1, Fit = ResizeMode.Stretch,
            },
        }, this);
        driver.Run(_ => { }, _ => { });

        double[] errors = Direct(picture);
        var found = row.Finding!.Classification!;
        Assert.Equal(errors, found.Candidates.Select(one => one.Score)); // no candidate is dropped before its eighth trial
        Assert.Equal(Array.IndexOf(errors, errors.Min()), found.Best);
        Assert.Equal(Classes.Length * Trials, found.Evaluations);
    }

    /// <summary>A call for each candidate and trial.</summary>
    private double[] Direct(Picture picture)
    {
        var description = model.Description;
        var shape = description.LatentsOf(picture.Width, picture.Height);
        var clean = new float[shape.Length];
        model.Encoder!.Encode(picture.Width, picture.Height, [PixelConversion.ToNetwork(picture)], RunWidth.Wide)[0].Likeliest(clean);
        var levels = TrainingLevels.Of(description.SamplerClass, description.SamplerConfig);
        var generator = SeededNoise.Create(NoiseGenerator.TorchCpu, 11);
        double[][] errors = [.. Classes.Select(_ => new double[Trials])];
        int[] timesteps = [.. ClassificationRun.TimestepsOf(Trials, null, levels.Count)];
        var nothing = model.FindConditioning(model.Tokenize([new PromptText("")], TextReading.Plain)[0])!;
        for (int trial = 0; trial < Trials; trial++)
        {
            float[] noise = new float[shape.Length], noised = new float[shape.Length], answer = new float[shape.Length];
            generator.Normal(noise);
            var level = levels[timesteps[trial]];
            for (int i = 0; i < noise.Length; i++) noised[i] = clean[i] * (float)level.Alpha + noise[i] * (float)level.Sigma;
            for (int candidate = 0; candidate < Classes.Length; candidate++)
            {
                var conditioning = model.ForRow(nothing, new RowConditions
                {
                    Width = picture.Width, Height = picture.Height, GuidanceScale = 1, ClassLabel = Classes[candidate],
                });
                model.Denoiser.Run(shape, new[] { new DenoiserRow(noised, 1, timesteps[trial], conditioning, answer) }, RunWidth.Wide);
                double sum = 0;
                for (int i = 0; i < noise.Length; i++) sum += Math.Pow((double)answer[i] - noise[i], 2);
                errors[candidate][trial] = sum / noise.Length;
            }
        }
        return [.. errors.Select(one => one.Average())];
    }
}
