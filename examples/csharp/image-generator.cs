// Darkroom behind IImageGenerator of Microsoft.Extensions.AI: code that knows nothing of Darkroom makes a picture and changes it.
//   dotnet run examples/csharp/image-generator.cs
#:project ../../src/Darkroom.Client
#:property NoWarn=$(NoWarn);MEAI001
using Darkroom.Client;
using Microsoft.Extensions.AI;

using var darkroom = new DarkroomClient(
    new Uri(Environment.GetEnvironmentVariable("DARKROOM_URL") ?? "http://127.0.0.1:8080"), Environment.GetEnvironmentVariable("DARKROOM_KEY"));
try
{
    await DrawAsync(darkroom.AsIImageGenerator());
    return 0;
}
catch (Exception error) when (error is DarkroomException or HttpRequestException)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}

static async Task DrawAsync(IImageGenerator generator)
{
    var made = await generator.GenerateImagesAsync("red apple, 3d render");
    await SaveAsync("made.png", made);

    var changed = await generator.EditImageAsync((DataContent)made.Contents[0], "orange, 3d render, on a light blue background", new ImageGenerationOptions
    {
        // What the interface has no words for is said in Darkroom's own.
        RawRepresentationFactory = _ => new Img2ImgRequest { Strength = 0.7, Seed = 3 },
    });
    await SaveAsync("changed.png", changed);
}

static async Task SaveAsync(string file, ImageGenerationResponse response)
{
    await File.WriteAllBytesAsync(file, ((DataContent)response.Contents[0]).Data);
    Console.WriteLine(file);
}
