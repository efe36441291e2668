namespace Darkroom.Engine.Scheduling;

/// <summary>How much of a device a call takes.</summary>
internal enum CallWidth
{
    /// <summary>All of it.</summary>
    Wide,

    /// <summary>One of its threads; as many narrow calls run side by side as it has threads.</summary>
    Narrow,
}
