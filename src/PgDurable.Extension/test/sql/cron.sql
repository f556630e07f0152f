-- Cron expressions: what is accepted, and what is said about the others.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
\pset null '(null)'
SET ROLE regress_user;
SELECT c FROM unnest(ARRAY[
    '* * * * *', '0 0 1 1 0', '59 23 31 12 7', '*/5 * * * *', '0-30/10 * * * *', '5/10 * * * *', '1,2,5-9,*/20 * * * *', '0 9-17 * * 1-5',
    '0 9 * * MON-FRI', '0 9 * * mon,Wed,FRIDAY', '0 0 1 JAN,jul *', '0 0 ? * 1', '0 0 1 * ?', '0 0 1 */3 *', '  0   0 * * *  ',
    E'0\t0 * * *', '0 0 13 * 5', '0 0 * * 5-7', '0 0 * * FRI-SUN', '0 0 * * SUN', '0 0 * * SUN-TUE', '0 0 * september-december *',
    '*/59 */23 */31 */12 */7', '00 09 01 01 00', '0 0 31 2 *', '* * L * *', '* * L-3 * *', '* * LW * *', '* * l-2w * *', '* * 15W * *',
    '* * * * 5#3', '* * * * FRIDAY#3', '* * * * 5L', '* * * * monL', '0 0 L * SUN#1',
    '@hourly', '@daily', '@midnight', '@weekly', '@monthly', '@yearly', '@annually', ' @daily '
]) c WHERE df._cron_defect(c) IS NOT NULL;
SELECT c, df._cron_defect(c) FROM unnest(ARRAY[
    '', ' ', '*', '* * * *', '* * * * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * 32 * *', '* * * 0 *', '* * * 13 *', '* * * * 8',
    '-1 * * * *', '5-1 * * * *', '* * * * 5-0', '* * * * FRI-MON', '*/0 * * * *', '*/60 * * * *', '* */24 * * *', '* * * * */8',
    '1,,2 * * * *', ',1 * * * *', '1- * * * *', '-5 * * * *', '*/ * * * *', '/5 * * * *', '*5 * * * *', '**  * * * *', '? * * * *',
    '* * * ? *', 'a * * * *', 'MON * * * *', '* * * * JAN', '* * * MON *', '* * * * MO', '* * * * thurs', '1.5 * * * *', '1 2 3 4 5;',
    '99999999999999 * * * *', '*/99999999999999 * * * *', '１ * * * *', '* * L-31 * *', '* * 0W * *', '* * 1,L * *', '* * * * 8L',
    '* * * * 5#6', '* * * * FRIL,MON', '* * * L *', '* * * * L',
    '@reboot', '@Daily', '@every 5m', '@', 'x''; DROP TABLE t; --'
]) c;
SELECT df.wait_for_schedule('0 9 * * MON-FRI', name) IS NOT NULL
  FROM unnest('{UTC,Europe/Paris,America/Argentina/Buenos_Aires,Etc/GMT+5}'::text[]) name;
SELECT df.wait_for_schedule('@daily', '');
SELECT df.wait_for_schedule('@daily', 'posix/Europe/Paris');
SELECT df.wait_for_schedule('@daily', '+02:00');
SELECT df.wait_for_schedule('x''; DROP TABLE t; --');
