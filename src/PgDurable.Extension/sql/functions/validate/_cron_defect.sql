-- Five fields: minute 0-59, hour 0-23, day of month 1-31, month 1-12 or JAN-DEC, day of week 0-7 (0 and 7 are Sunday) or SUN-SAT. A field
-- is a list of *, a, a-b, and with steps */n, a/n (to the field's end), a-b/n; ? is * in the two day fields. Names are of three letters or
-- whole, in any case. Alone in its field: L, L-n, LW, L-nW, nW as the day of month; aL, a#n as the day of week. Or one of @hourly, @daily,
-- @midnight, @weekly, @monthly, @yearly, @annually. tests/Cron/expressions.txt holds the compiler and the worker to the same syntax.
CREATE FUNCTION df._cron_defect(p_cron text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_names CONSTANT text[] := '{minute,hour,day of month,month,day of week}';
    c_low   CONSTANT integer[] := '{0,0,1,1,0}';
    c_high  CONSTANT integer[] := '{59,23,31,12,7}';
    v_text    text := btrim(p_cron, E' \t\r\n');
    v_fields  text[];
    v_item    text;
    v_parts   text[];
    v_from    integer;
    v_to      integer;
    v_special boolean;
BEGIN
    IF v_text LIKE '@%' THEN
        RETURN CASE WHEN v_text NOT IN ('@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually')
            THEN 'unknown macro. Use @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually' END;
    END IF;
    v_fields := regexp_split_to_array(v_text, '\s+');
    IF v_text = '' OR cardinality(v_fields) <> 5 THEN
        RETURN format('expected 5 fields (minute, hour, day of month, month, day of week), found %s',
                      CASE WHEN v_text = '' THEN 0 ELSE cardinality(v_fields) END);
    END IF;

    FOR i IN 1 .. 5 LOOP
        FOREACH v_item IN ARRAY string_to_array(v_fields[i], ',') LOOP
            v_special := false;
            IF i = 3 THEN
                v_parts := regexp_match(v_item, '^(?:L(?:-([0-9]{1,2}))?W?|([0-9]{1,2})W)$', 'i');
                v_special := v_parts IS NOT NULL;
                IF v_parts[1]::integer > 30 THEN
                    RETURN format('''%s'' is out of range: L- is followed by 0 to 30', v_item);
                END IF;
                v_from := v_parts[2]::integer;
            ELSIF i = 5 THEN
                v_parts := regexp_match(v_item, '^(\w+?)(?:L|#([0-9]{1,9}))$', 'i');
                v_from := df._cron_value(i, v_parts[1]);
                v_special := v_from IS NOT NULL;
            END IF;
            IF v_special THEN
                IF v_from NOT BETWEEN c_low[i] AND c_high[i] THEN
                    RETURN format('''%s'' is out of range: %s is %s to %s', v_item, c_names[i], c_low[i], c_high[i]);
                ELSIF i = 5 AND v_parts[2]::integer NOT BETWEEN 1 AND 5 THEN
                    RETURN format('''%s'' is out of range: # is followed by 1 to 5', v_item);
                ELSIF v_item <> v_fields[i] THEN
                    RETURN format('''%s'' must be alone in its field', v_item);
                END IF;
                CONTINUE;
            END IF;

            v_parts := regexp_match(v_item, '^(?:(\*|\?)|(\w+)(?:-(\w+))?)(?:/(\d{1,9}))?$');
            IF v_parts IS NULL OR v_parts[1] = '?' AND i NOT IN (3, 5) THEN
                RETURN format('''%s'' is not a %s: expected *, a value, a range a-b, or one of these with /step', v_item, c_names[i]);
            END IF;
            v_from := df._cron_value(i, v_parts[2]);
            v_to := df._cron_value(i, v_parts[3]);
            -- FRI-SUN: the Sunday that ends the week.
            IF i = 5 AND v_to = 0 AND v_from > 0 AND v_parts[3] !~ '\d' THEN
                v_to := 7;
            END IF;
            IF v_parts[2] IS NOT NULL AND v_from IS NULL OR v_parts[3] IS NOT NULL AND v_to IS NULL THEN
                RETURN format('''%s'' is not a %s', CASE WHEN v_from IS NULL THEN v_parts[2] ELSE v_parts[3] END, c_names[i]);
            ELSIF v_from NOT BETWEEN c_low[i] AND c_high[i] OR v_to NOT BETWEEN c_low[i] AND c_high[i] THEN
                RETURN format('''%s'' is out of range: %s is %s to %s', v_item, c_names[i], c_low[i], c_high[i]);
            ELSIF v_to < v_from THEN
                RETURN format('range ''%s'' ends before it begins', v_item);
            ELSIF v_parts[4]::integer NOT BETWEEN 1 AND c_high[i] THEN
                RETURN format('step %s is out of range: 1 to %s', v_parts[4], c_high[i]);
            END IF;
        END LOOP;
    END LOOP;
    RETURN NULL;
END
$function$;
COMMENT ON FUNCTION df._cron_defect(text) IS 'Internal: what is wrong with a cron expression, or NULL.';
