namespace Darkroom.Server.Configuration;

/// <summary>Which engine, models and stores stand behind the interfaces.</summary>
internal static class Rooms
{
    public static void Add(IServiceCollection services, DarkroomSettings settings)
    {
    }
}
