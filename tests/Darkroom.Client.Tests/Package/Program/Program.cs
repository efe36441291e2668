// A stranger's program on the package: compiled ahead of time, it does what each kind of caller does, and writes what it saw.
using Darkroom.Client;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

var services = new ServiceCollection();
services.AddDarkroomClient(args[0]);
services.AddDarkroomImageGenerator();
await using var provider = services.BuildServiceProvider();
var client = provider.GetRequiredService<DarkroomClient>();

Console.WriteLine($"server: {(await client.GetVersionAsync()).Name}, {(await client.GetStatsAsync()).Role}");
Console.WriteLine($"model: {(await client.ListModelsAsync()).Single(model => model.Id == "starter").Capabilities.DenoiserChannels}");

var made = await client.GenerateAsync(new Txt2ImgRequest
    { Prompt = "a red circle", Seed = 42, Steps = 4, GuidanceInterval = new(0, 0.9), Tiling = Tiling.X, Upscale = UpscaleStep.None });
Console.WriteLine($"txt2img: {made.Images[0].Sha256} {made.Parameters.As<Txt2ImgRequest>().Tiling}");

var path = Path.GetTempFileName();
await made.Images[0].SaveAsync(path);
var changed = await client.GenerateAsync(
    new Img2ImgRequest { Prompt = "a blue circle", Image = PictureSource.FromFile(path), Strength = 0.5, Steps = 4, Seed = 1, Upscale = UpscaleStep.None });
Console.WriteLine($"img2img: {changed.Images[0].Sha256}");
Console.WriteLine($"png-info: {(await client.ReadPictureAsync(PictureSource.FromFile(path))).Request?.Fields.As<Txt2ImgRequest>().Seed}");

var job = await client.StartAsync(new Txt2ImgRequest { Prompt = "a circle", Steps = 8, PreviewEvery = 2 });
var events = new List<string>();
await foreach (var happened in job.WatchAsync()) events.Add(happened.GetType().Name);
Console.WriteLine($"events: {string.Join(' ', events.Distinct())}");
Console.WriteLine($"jobs: {await client.ListJobsAsync(JobStatus.Succeeded, pageSize: 2).CountAsync() >= 3}");

try
{
    await client.GenerateAsync(new Txt2ImgRequest { Prompt = "a circle", Steps = 1000 });
}
catch (DarkroomException fault)
{
    Console.WriteLine($"fault: {fault.ProblemType} {fault.Faults[0].Field} {fault.Faults[0].Value}");
}

var generator = provider.GetRequiredService<IImageGenerator>();
var answer = await generator.GenerateImagesAsync("a circle", new() { ImageSize = new(32, 32), AdditionalProperties = new() { ["steps"] = 2 } });
Console.WriteLine($"generator: {((DataContent)answer.Contents[0]).MediaType}");
File.Delete(path);
