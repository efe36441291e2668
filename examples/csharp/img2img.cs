// A picture from a picture that is sent as a file, with a progress bar. Ctrl+C cancels it.
//   dotnet run examples/csharp/img2img.cs -- docs/task-txt2img.png "orange, 3d render, on a light blue background"
#:project ../../src/Darkroom.Client
using Darkroom.Client;

if (args.Length != 2)
{
    Console.Error.WriteLine("dotnet run examples/csharp/img2img.cs -- FILE PROMPT");
    return 64;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true; // the program ends by itself, when the server has been told
    stop.Cancel();
};
using var darkroom = new DarkroomClient(
    new Uri(Environment.GetEnvironmentVariable("DARKROOM_URL") ?? "http://127.0.0.1:8080"), Environment.GetEnvironmentVariable("DARKROOM_KEY"));
DarkroomJob? job = null;
try
{
    // The file is sent as a stream. A job that was started goes on when its callers leave, and can be found again by its id.
    job = await darkroom.StartAsync(
        new Img2ImgRequest { Image = PictureSource.FromFile(args[0]), Prompt = args[1], Strength = 0.7, Steps = 60, Seed = 3, PreviewEvery = 10 }, stop.Token);
    await foreach (var happened in job.WatchAsync(stop.Token))
        switch (happened)
        {
            case JobQueued { Position: > 0 } queued:
                Console.WriteLine($"{queued.Position} jobs are before this one");
                break;
            case JobProgressed { Step: var step, Steps: var steps, Share: var share, Eta: var eta }:
                Console.Write($"\r[{new string('#', (int)(share * 30)),-30}] {step}/{steps}, {eta:0.0} s left ");
                break;
            case JobPreview preview:
                await File.WriteAllBytesAsync("preview.png", preview.Data, stop.Token);
                break;
            case JobSucceeded succeeded:
                await using (var file = File.Create("img2img.png")) await darkroom.DownloadImageAsync(succeeded.Result.Images[0].Url, file, stop.Token);
                Console.WriteLine("\nimg2img.png");
                return 0;
            case JobFailed { Problem: var problem }:
                Console.Error.WriteLine($"\n{problem.Detail}");
                return 1;
        }
}
catch (OperationCanceledException)
{
    if (job is not null) Console.WriteLine($"\n{(await job.CancelAsync()).Status}");
}
catch (Exception error) when (error is DarkroomException or HttpRequestException or IOException)
{
    Console.Error.WriteLine(error.Message);
}
return 1;
